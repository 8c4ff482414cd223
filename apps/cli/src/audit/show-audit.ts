import type { AuditedMessage, AuditOperation, ListAuditQuery } from '@offload/contracts/http';
import { type ListOptions, noteMore } from '../options/list-options.js';
import type { Session } from '../session.js';
import { details } from '../terminal/details.js';
import { figure } from '../terminal/numbers.js';
import { table } from '../terminal/table.js';
import { ago, moment } from '../terminal/times.js';

export interface AuditFilter {
  action?: string;
  key?: string;
  deadLetter?: string;
  since?: string;
  until?: string;
}

/** The filter as the API takes it; only what was given. */
export function auditQueryOf(filter: AuditFilter): Omit<ListAuditQuery, 'limit' | 'after'> {
  const { action, key, deadLetter, since, until } = filter;
  return {
    ...(action !== undefined && { action }),
    ...(key !== undefined && { key }),
    ...(deadLetter !== undefined && { dead_letter: deadLetter }),
    ...(since !== undefined && { from: since }),
    ...(until !== undefined && { to: until }),
  };
}

/** `offload audit list` */
export async function listAudit(
  session: Session,
  { limit, after, ...filter }: ListOptions & AuditFilter,
): Promise<void> {
  const { api, terminal, now } = session;
  const query = { ...auditQueryOf(filter), after };
  const page = await api.list<AuditOperation>('listAuditOperations', { query, limit });
  const { style, width } = terminal;
  session.show(page, () =>
    page.data.length === 0
      ? 'Nothing was done that is like that.'
      : table(
          [
            { title: 'OPERATION', value: ({ id }) => id },
            { title: 'WHEN', value: ({ at }) => ago(at, now()) },
            { title: 'WHO', value: actorOf, isFlexible: true },
            { title: 'ACTION', value: ({ action }) => action },
            { title: 'COUNT', value: ({ count }) => figure(count), isNumber: true },
            { title: 'OUTCOME', value: ({ outcome }) => outcome },
            { title: 'INCIDENT', value: ({ incident }) => incident ?? '', isFlexible: true },
            { title: 'REASON', value: ({ reason }) => reason ?? '', isFlexible: true },
          ],
          page.data,
          { width, style },
        ),
  );
  if (!session.isJson) noteMore(terminal, page);
}

/** `offload audit show`: one operation and the messages it touched. */
export async function showOperation(
  session: Session,
  id: string,
  { limit }: { limit: number },
): Promise<void> {
  const { api, terminal, now } = session;
  const operation = await api.get<AuditOperation>('getAuditOperation', { id });
  const messages = await api.list<AuditedMessage>('listAuditedMessages', { id, limit });
  const { style } = terminal;
  session.show({ ...operation, messages: messages.data }, () =>
    [
      details(
        [
          ['operation', style.strong(operation.id)],
          ['action', `${operation.action} (${operation.outcome})`],
          ['when', moment(operation.at, now())],
          ['who', actorOf(operation)],
          ['target', operation.target ?? undefined],
          ['incident', operation.incident ?? undefined],
          ['reason', operation.reason ?? undefined],
          ['selection', operation.selection ? JSON.stringify(operation.selection) : undefined],
          ['count', figure(operation.count)],
          ['details', JSON.stringify(operation.details)],
        ],
        style,
      ),
      ...messages.data.map(
        (message) => `${message.dead_letter_id}  ${message.action}  ${ago(message.at, now())}`,
      ),
    ].join('\n'),
  );
  if (!session.isJson) noteMore(terminal, messages);
}

function actorOf({ key_id: id, key_name: name }: AuditOperation): string {
  return name ?? id ?? 'the system';
}
