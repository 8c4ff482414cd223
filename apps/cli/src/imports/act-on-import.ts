import type { ImportAction, ImportResource, RevertPreview } from '@offload/contracts/http';
import { EndedBadly } from '../exit-codes.js';
import type { Session } from '../session.js';
import { confirm } from '../terminal/confirm.js';
import { plural } from '../terminal/numbers.js';
import { importLine } from './import-line.js';
import { uploadFile } from './upload-file.js';
import { watchImport } from './watch-import.js';

export interface ActOptions {
  watch?: boolean;
  yes?: boolean;
}

/** How often the answer to a question about a revert is waited for; each wait is of five seconds. */
const patience = 24;
const prefer = { prefer: 'wait=5' };

/** `offload imports confirm` and `retry` */
export async function goOn(
  session: Session,
  id: string,
  { action, ...options }: ActOptions & { action: 'confirm' | 'retry' },
): Promise<void> {
  const asked = await session.api.post<ImportResource>(`${action}Import`, { id });
  await showAsked(session, asked, action, options);
}

/** `offload imports cancel`: what it has stored is removed unless it is to be kept. */
export async function cancelImport(
  session: Session,
  id: string,
  { keepRows = false, ...options }: ActOptions & { keepRows?: boolean },
): Promise<void> {
  if (!options.yes && !keepRows) {
    const { progress, file_name: file } = await session.api.get<ImportResource>('getImport', {
      id,
    });
    const rows = plural(progress.rows_loaded, 'row');
    const question = `Cancel the import of ${file}? Its rows (${rows} so far) are removed.`;
    await confirm(session.terminal, question, 1);
  }
  const body = { keep_rows: keepRows };
  const asked = await session.api.post<ImportResource>('cancelImport', { id, body });
  await showAsked(session, asked, 'cancel', options);
}

/** `offload imports fix`: sends the corrected list, and has its rows loaded. */
export async function fixImport(
  session: Session,
  id: string,
  { file, ...options }: ActOptions & { file: string },
): Promise<void> {
  const upload = await uploadFile(session, file, { contentType: 'text/csv' });
  const body = { upload_id: upload.id };
  const asked = await session.api.post<ImportResource>('fixImport', { id, body });
  await showAsked(session, asked, 'fix', options);
}

/** `offload imports revert`: shows first what it would do. */
export async function revertImport(
  session: Session,
  id: string,
  { dryRun = false, ...options }: ActOptions & { dryRun?: boolean },
): Promise<void> {
  const { api, terminal } = session;
  if (dryRun || !options.yes) {
    const previewed = await previewOf(session, id);
    const words = previewText(previewed.revert_preview);
    if (dryRun) return session.show(previewed, () => words);
    const touched = touchedBy(previewed.revert_preview);
    await confirm(terminal, `${words} Revert it?`, touched);
  }
  const asked = await api.post<ImportResource>('revertImport', { id });
  await showAsked(session, asked, 'revert', options);
}

/** What a revert would do. Throws EndedBadly when it would be refused, or is not answered. */
async function previewOf({ api }: Session, id: string): Promise<ImportResource> {
  let run = await api.post<ImportResource>('revertImport', {
    id,
    query: { dry_run: 1 },
    headers: prefer,
  });
  for (let wait = 0; wait < patience && run.revert_preview?.state === 'pending'; wait += 1) {
    run = await api.get<ImportResource>('getImport', { id, headers: prefer });
  }
  const preview = run.revert_preview;
  if (preview?.state === 'ready') return run;
  throw new EndedBadly(
    preview?.detail ?? 'Nobody has said yet what a revert would do. Ask again a little later.',
  );
}

function previewText(preview: RevertPreview | null): string {
  const { rows_removed: removed, rows_restored: restored, rows_kept: kept } = countsOf(preview);
  return (
    `A revert removes ${plural(removed, 'row')} and gives ${plural(restored, 'row')} their former values; ` +
    `${plural(kept, 'row')} that somebody has changed since ${kept === 1 ? 'stays' : 'stay'}.`
  );
}

function touchedBy(preview: RevertPreview | null): number {
  const { rows_removed: removed, rows_restored: restored } = countsOf(preview);
  return removed + restored;
}

function countsOf(preview: RevertPreview | null) {
  return preview?.counts ?? { rows_removed: 0, rows_restored: 0, rows_kept: 0 };
}

async function showAsked(
  session: Session,
  asked: ImportResource,
  action: ImportAction,
  { watch }: ActOptions,
): Promise<void> {
  if (watch) return watchImport(session, asked.id, action);
  session.show(
    asked,
    () => `${importLine(asked)}\nWatch it: offload imports show ${asked.id} --watch`,
  );
}
