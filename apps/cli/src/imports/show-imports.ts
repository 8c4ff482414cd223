import type { ImportResource, ImportState } from '@offload/contracts/http';
import { type ListOptions, noteMore } from '../options/list-options.js';
import type { Session } from '../session.js';
import { details } from '../terminal/details.js';
import { figure } from '../terminal/numbers.js';
import { stateText } from '../terminal/style.js';
import { table } from '../terminal/table.js';
import { ago, moment } from '../terminal/times.js';
import { importLine } from './import-line.js';
import { watchImport } from './watch-import.js';

/** `offload imports list` */
export async function listImports(
  session: Session,
  { state, after, limit }: ListOptions & { state?: ImportState },
): Promise<void> {
  const { api, terminal, now } = session;
  const page = await api.list<ImportResource>('listImports', { query: { state, after }, limit });
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
            { title: 'ACCEPTED', value: (each) => ago(each.created_at, now()) },
            { title: 'DATASET', value: ({ dataset }) => dataset.name },
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
        ['summary', found.summary ?? undefined],
        ['problem', found.problem ? `${found.problem.code}: ${found.problem.detail}` : undefined],
        [
          'held up',
          found.hold ? `${found.hold.detail} (${ago(found.hold.since, now)})` : undefined,
        ],
        ['dataset', found.dataset.name],
        ['file', `${found.file_name} (upload ${found.upload_id})`],
        ['tells', found.notify?.email],
        ['accepted', moment(found.created_at, now)],
        ['ended', moment(found.finished_at, now)],
      ],
      style,
    ),
  );
}
