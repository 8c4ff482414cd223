import type { DatasetRow } from '@offload/contracts/http';
import { type ListOptions, noteMore } from '../options/list-options.js';
import type { Session } from '../session.js';
import { table } from '../terminal/table.js';

/** Which rows, and what of them. */
export interface Selection {
  where?: string[];
  sort?: string;
  fields?: string;
}

/** `offload datasets rows` */
export async function showRows(
  session: Session,
  name: string,
  { limit, ...query }: ListOptions & Selection,
): Promise<void> {
  const { api, terminal } = session;
  const page = await api.list<DatasetRow>('listDatasetRows', {
    id: name,
    query: { ...query },
    limit,
  });
  const { style, width } = terminal;
  session.show(page, () =>
    page.data.length === 0
      ? 'There are no rows like that.'
      : table(
          Object.keys(page.data[0] ?? {}).map((column) => ({
            title: column,
            value: (row: DatasetRow) => cellText(row[column]),
            isFlexible: true,
            isNumber: page.data.every((row) => typeof row[column] === 'number'),
          })),
          page.data,
          { width, style },
        ),
  );
  if (!session.isJson) noteMore(terminal, page);
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
