import type { ImportAction, ImportResource, ImportState } from '@offload/contracts/http';
import { type ListOptions, noteMore } from '../options/list-options.js';
import type { Session } from '../session.js';
import { details } from '../terminal/details.js';
import { figure } from '../terminal/numbers.js';
import { stateText } from '../terminal/style.js';
import { table } from '../terminal/table.js';
import { ago, moment } from '../terminal/times.js';
import { amount, importLine } from './import-line.js';
import { watchImport } from './watch-import.js';

export interface ListImportsOptions extends ListOptions {
  state?: ImportState;
  dataset?: string;
}

/** `offload imports list` */
export async function listImports(
  session: Session,
  { state, dataset, after, limit }: ListImportsOptions,
): Promise<void> {
  const { api, terminal, now } = session;
  const page = await api.list<ImportResource>('listImports', {
    query: { state, dataset, after },
    limit,
  });
  const { style, width } = terminal;
  session.show(page, () =>
    page.data.length === 0
      ? 'There are no imports.'
      : table(
          [
            { title: 'ID', value: ({ id }) => id },
            { title: 'STATE', value: (each) => stateText(each.state, style) },
            { title: 'DONE', value: ({ progress }) => `${progress.percent} %`, isNumber: true },
            { title: 'ROWS', value: (each) => figure(each.progress.rows_loaded), isNumber: true },
            {
              title: 'REJECTED',
              value: (each) => figure(each.progress.rows_rejected),
              isNumber: true,
            },
            { title: 'MODE', value: ({ mode, dry_run: isDry }) => (isDry ? 'dry run' : mode) },
            { title: 'ACCEPTED', value: (each) => ago(each.created_at, now()) },
            { title: 'BY', value: (each) => each.created_by?.name ?? '–' },
            { title: 'DATASET', value: (each) => each.dataset.name },
            { title: 'FILE', value: (each) => each.file_name, isFlexible: true },
          ],
          page.data,
          { width, style },
        ),
  );
  if (!session.isJson) noteMore(terminal, page);
}

/** `offload imports show` */
export async function showImport(
  session: Session,
  id: string,
  { watch }: { watch?: boolean },
): Promise<void> {
  if (watch) return watchImport(session, id);
  const found = await session.api.get<ImportResource>('getImport', { id });
  const { style } = session.terminal;
  const now = session.now();
  session.show(found, () =>
    details(
      [
        ['import', style.strong(found.id)],
        ['state', stateText(found.state, style)],
        ['progress', importLine(found)],
        ['phases', phasesText(found)],
        ['rows', rowsText(found)],
        ['summary', found.summary ?? undefined],
        ['problem', found.problem ? `${found.problem.code}: ${found.problem.detail}` : undefined],
        [
          'held up',
          found.hold ? `${found.hold.detail} (${ago(found.hold.since, now)})` : undefined,
        ],
        ['mode', modeText(found)],
        ['dataset', found.dataset.name],
        ['file', `${found.file_name} (upload ${found.upload_id})`],
        ['tells', found.notify?.email],
        ['asked', askedText(found, now)],
        ['can be', found.allowed_actions.map((action) => done[action]).join(', ') || undefined],
        ['accepted', `${moment(found.created_at, now)} by ${found.created_by?.name ?? '–'}`],
        ['ended', moment(found.finished_at, now)],
      ],
      style,
    ),
  );
}

const done: Record<ImportAction, string> = {
  confirm: 'confirmed',
  cancel: 'canceled',
  retry: 'retried',
  fix: 'fixed',
  revert: 'reverted',
};

function phasesText({ progress: { phases } }: ImportResource): string | undefined {
  if (phases.length < 2) return undefined;
  return phases
    .map((phase) => `${phase.name} ${phase.percent} % (${amount(phase)}), ${phase.state}`)
    .join('\n');
}

function rowsText({ progress }: ImportResource): string {
  const counts = [
    [progress.rows_created, 'created'],
    [progress.rows_updated, 'updated'],
    [progress.rows_unchanged, 'unchanged'],
    [progress.rows_skipped, 'skipped'],
    [progress.rows_rejected, 'rejected'],
  ] as const;
  const told = counts.filter(([count]) => count > 0);
  return told.map(([count, what]) => `${figure(count)} ${what}`).join(', ') || '–';
}

function modeText({
  mode,
  key,
  on_conflict: conflict,
  dry_run: isDry,
  ...run
}: ImportResource): string {
  return [
    mode,
    ...(key ? [`by ${key.join(', ')}`] : []),
    ...(conflict ? [`${conflict} on conflict`] : []),
    ...(isDry ? ['dry run'] : []),
    ...(run.hold_for_review ? ['held for review'] : []),
    ...(run.attempt > 1 ? [`attempt ${run.attempt}`] : []),
  ].join(' · ');
}

function askedText({ last_action: asked }: ImportResource, now: Date): string | undefined {
  if (!asked) return undefined;
  const { action, outcome, asked_by: by, asked_at: at, detail } = asked;
  return `${action} ${ago(at, now)} by ${by ?? '–'}: ${outcome}${detail === null ? '' : `. ${detail}`}`;
}
