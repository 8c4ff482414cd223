import type { DatasetResource } from '@offload/contracts/http';
import { type ListOptions, noteMore } from '../options/list-options.js';
import type { Session } from '../session.js';
import { details } from '../terminal/details.js';
import { figure } from '../terminal/numbers.js';
import { stateText } from '../terminal/style.js';
import { table } from '../terminal/table.js';
import { ago, moment } from '../terminal/times.js';
import { rulesText } from './rules-text.js';

/** `offload datasets list` */
export async function listDatasets(session: Session, { after, limit }: ListOptions): Promise<void> {
  const { api, terminal, now } = session;
  const page = await api.list<DatasetResource>('listDatasets', { query: { after }, limit });
  const { style, width } = terminal;
  session.show(page, () =>
    page.data.length === 0
      ? 'There are no datasets.'
      : table(
          [
            { title: 'NAME', value: ({ name }) => name },
            { title: 'STATE', value: ({ state }) => stateText(state, style) },
            { title: 'ROWS', value: ({ rows }) => figure(rows), isNumber: true },
            { title: 'COLUMNS', value: ({ columns }) => figure(columns.length), isNumber: true },
            {
              title: 'CHANGED',
              value: (each) => (each.changed_at ? ago(each.changed_at, now()) : ''),
            },
            { title: 'PROBLEM', value: ({ problem }) => problem?.detail ?? '', isFlexible: true },
          ],
          page.data,
          { width, style },
        ),
  );
  if (!session.isJson) noteMore(terminal, page);
}

/** `offload datasets show` */
export async function showDataset(session: Session, name: string): Promise<void> {
  const dataset = await session.api.get<DatasetResource>('getDataset', { id: name });
  session.show(dataset, () => datasetText(session, dataset));
}

/** A dataset for people: how it stands, and its columns. */
export function datasetText({ terminal, now }: Session, dataset: DatasetResource): string {
  const { style, width } = terminal;
  const { problem } = dataset;
  return [
    details(
      [
        ['dataset', style.strong(dataset.name)],
        ['state', stateText(dataset.state, style)],
        ['problem', problem ? `${problem.action}: ${problem.detail}` : undefined],
        ['table', dataset.table === null ? undefined : `datasets.${dataset.table}`],
        ['rows', figure(dataset.rows)],
        ['keys', dataset.keys.map((key) => key.join(', ')).join('\n') || undefined],
        ['created', moment(dataset.created_at, now())],
        ['changed', moment(dataset.changed_at, now())],
      ],
      style,
    ),
    table(
      [
        { title: 'COLUMN', value: (column) => column.name },
        { title: 'TYPE', value: ({ type }) => type },
        { title: 'EMPTY', value: ({ nullable }) => (nullable ? 'yes' : 'no') },
        { title: 'RULES', value: rulesText, isFlexible: true },
      ],
      dataset.columns,
      { width, style },
    ),
  ].join('\n\n');
}
