import type { KeptRow, RejectedRow } from '@offload/contracts/http';
import { UsageError } from '../exit-codes.js';
import { exportLines } from '../export-lines.js';
import { type ListOptions, noteMore } from '../options/list-options.js';
import type { Session } from '../session.js';
import { figure } from '../terminal/numbers.js';
import { table } from '../terminal/table.js';

export interface ErrorsOptions extends ListOptions {
  code?: string;
  column?: string;
  csv?: boolean;
  output?: string;
  escapeFormulas?: boolean;
}

/** `offload imports errors`: the rejected rows, to look at or as a file to correct. */
export async function showErrors(
  session: Session,
  id: string,
  { code, column, csv, output, escapeFormulas, ...list }: ErrorsOptions,
): Promise<void> {
  const filter = { code, column };
  if (csv || output !== undefined) {
    const query = { ...filter, formulas: escapeFormulas ? 'escape' : undefined };
    return exportLines(session, 'exportRejectedRows', {
      id,
      query,
      ...(output !== undefined && { output }),
    });
  }
  if (escapeFormulas) throw new UsageError('--escape-formulas is about --csv.');
  await listErrors(session, id, { ...filter, ...list });
}

async function listErrors(
  session: Session,
  id: string,
  {
    limit,
    after,
    ...filter
  }: ListOptions & { code: string | undefined; column: string | undefined },
): Promise<void> {
  const { api, terminal } = session;
  const query = { ...filter, after };
  const page = await api.list<RejectedRow>('listRejectedRows', { id, query, limit });
  session.show(page, () =>
    page.data.length === 0
      ? 'No rows were rejected.'
      : table(
          [
            { title: 'ROW', value: ({ row }) => figure(row), isNumber: true },
            { title: 'LINE', value: ({ line }) => figure(line), isNumber: true },
            { title: 'COLUMN', value: (each) => each.column ?? '–' },
            { title: 'CODE', value: (each) => each.code },
            { title: 'VALUE', value: ({ value }) => value ?? '–', isFlexible: true },
            { title: 'REASON', value: ({ message }) => message, isFlexible: true },
          ],
          page.data,
          terminal,
        ),
  );
  if (!session.isJson) noteMore(terminal, page);
}

/** `offload imports kept-rows`: what a revert has left as it is. */
export async function showKeptRows(
  session: Session,
  id: string,
  { limit, after }: ListOptions,
): Promise<void> {
  const { api, terminal } = session;
  const page = await api.list<KeptRow>('listKeptRows', { id, query: { after }, limit });
  session.show(page, () =>
    page.data.length === 0
      ? 'No rows were kept.'
      : table(
          [
            { title: '_ID', value: (each) => String(each.row_id), isNumber: true },
            { title: 'REASON', value: ({ reason }) => reason, isFlexible: true },
          ],
          page.data,
          terminal,
        ),
  );
  if (!session.isJson) noteMore(terminal, page);
}
