import type { DeadLetterGroup, GroupList, GroupNote, List } from '@offload/contracts/http';
import { type FilterOptions, filterQueryOf } from '../options/filter-options.js';
import type { Session } from '../session.js';
import { details } from '../terminal/details.js';
import { figure, plural } from '../terminal/numbers.js';
import { table } from '../terminal/table.js';
import { ago, moment } from '../terminal/times.js';
import { sparkline } from './sparkline.js';

/** `offload dead-letters groups` */
export async function listGroups(
  session: Session,
  { limit, ...filter }: FilterOptions & { limit: number },
): Promise<void> {
  const query = { ...filterQueryOf(filter), limit };
  const groups = await session.api.get<GroupList>('listDeadLetterGroups', { query });
  session.show(groups, () => groupTable(session, groups));
  const shown = groups.data.reduce((sum, { count }) => sum + count, 0);
  if (session.isJson || groups.data.length === 0) return;
  const left = groups.total - shown;
  const rest = left > 0 ? `, and ${figure(left)} in more groups (--limit)` : '';
  session.terminal.note(
    `\n${plural(shown, 'dead letter')} in ${plural(groups.data.length, 'group')}${rest}.`,
  );
}

/** `offload dead-letters groups <id>`: one, with what people have noted. */
export async function showGroup(session: Session, id: string): Promise<void> {
  const { api, terminal, now } = session;
  const group = await api.get<DeadLetterGroup>('getDeadLetterGroup', { id });
  const notes = await api.list<GroupNote>('listGroupNotes', { id, limit: 100 });
  session.show({ ...group, notes: notes.data }, () =>
    [
      details(
        [
          ['group', terminal.style.strong(group.id)],
          ['kind', group.kind.replaceAll('_', ' ')],
          ['what', group.title],
          ['code', `${group.code} (${group.class})`],
          ['in our code', group.frame ?? undefined],
          ['message type', group.message_type ?? undefined],
          ['queues', group.queues.join(', ') || undefined],
          ['open', figure(group.count)],
          ['first failed', moment(group.first_failed_at, now())],
          ['last failed', moment(group.last_failed_at, now())],
          ['over time', sparkline(group.sparkline.counts)],
          ['example', group.example],
        ],
        terminal.style,
      ),
      ...notes.data.map(
        (note) => `\n${terminal.style.faint(moment(note.created_at, now()))}\n${note.text}`,
      ),
    ].join('\n'),
  );
}

/** `offload dead-letters note`: for whoever looks later; it stays when the dead letters are gone. */
export async function noteGroup(session: Session, id: string, text: string): Promise<void> {
  const note = await session.api.post<GroupNote>('createGroupNote', { id, body: { text } });
  session.show(note, () => 'Noted.');
}

function groupTable(
  { terminal, now }: Session,
  { data }: Pick<List<DeadLetterGroup>, 'data'>,
): string {
  const { style, width } = terminal;
  if (data.length === 0) return 'No dead letters are like that.';
  return table(
    [
      { title: 'GROUP', value: ({ id }) => id },
      { title: 'COUNT', value: ({ count }) => figure(count), isNumber: true },
      { title: 'LAST', value: (group) => ago(group.last_failed_at, now()) },
      { title: 'FIRST', value: (group) => ago(group.first_failed_at, now()) },
      { title: 'KIND', value: ({ kind }) => kind.replaceAll('_', ' ') },
      { title: 'OVER TIME', value: (group) => sparkline(group.sparkline.counts).trimStart() },
      { title: 'NOTES', value: ({ notes }) => (notes === 0 ? '' : String(notes)), isNumber: true },
      { title: 'WHAT', value: ({ title }) => title, isFlexible: true },
    ],
    data,
    { width, style },
  );
}
