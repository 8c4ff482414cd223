import type { DeadLetterSummary } from '@offload/contracts/http';
import { type FilterOptions, filterQueryOf } from '../options/filter-options.js';
import { type ListOptions, noteMore } from '../options/list-options.js';
import type { Session } from '../session.js';
import { stateText } from '../terminal/style.js';
import { table } from '../terminal/table.js';
import { ago } from '../terminal/times.js';

/** `offload dead-letters list` */
export async function listLetters(
  session: Session,
  { limit, after, ...filter }: ListOptions & FilterOptions,
): Promise<void> {
  const query = { ...filterQueryOf(filter), after };
  const page = await session.api.list<DeadLetterSummary>('listDeadLetters', { query, limit });
  const { style, width } = session.terminal;
  session.show(page, () =>
    page.data.length === 0
      ? 'No dead letters are like that.'
      : table(
          [
            { title: 'ID', value: ({ id }) => id },
            { title: 'STATE', value: ({ state }) => stateText(state, style) },
            { title: 'FAILED', value: (letter) => ago(letter.failed_at, session.now()) },
            { title: 'REPLAYS', value: ({ replays }) => String(replays), isNumber: true },
            { title: 'QUEUE', value: ({ queue }) => queue ?? '(unrouted)', isFlexible: true },
            { title: 'CODE', value: ({ failure }) => failure.code, isFlexible: true },
            { title: 'MESSAGE', value: ({ failure }) => failure.message, isFlexible: true },
          ],
          page.data,
          { width, style },
        ),
  );
  if (!session.isJson) noteMore(session.terminal, page);
}
