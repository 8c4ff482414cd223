import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';

/** Something a person, or the system by itself, does to messages. */
export interface Operation {
  /** Each message that it touches carries this id. */
  id: string;
  /** `<what>.<act>`, as `dead_letter.discard`. */
  action: string;
  /** Undefined: the system does it by itself. */
  caller: Caller | undefined;
  /** The one thing it is done to, as `<kind>:<id>`. */
  target?: string;
  incident?: string;
  reason?: string;
  /** The filter or the ids, as they were asked for. */
  selection?: object;
  count: number;
  details?: Record<string, unknown>;
}

export interface TouchedMessage {
  deadLetterId: string;
  messageId: string | null;
}

/** Notes an operation for good. Must run in the transaction of what it does. */
export async function recordOperation(tx: EntityManager, operation: Operation): Promise<void> {
  const { id, action, caller, target, incident, reason, selection, count, details } = operation;
  await tx.query(
    `insert into audit_operation (id, action, key_id, key_name, tenant_id, request_id, target,
       incident, reason, selection, count, outcome, details)
     values ($1, $2, $3, (select name from api_key where id = $3), $4, $5, $6, $7, $8, $9, $10,
       'success', $11)`,
    [
      id,
      action,
      caller?.keyId ?? null,
      caller?.tenantId ?? null,
      caller?.correlationId ?? null,
      target ?? null,
      incident ?? null,
      reason ?? null,
      selection === undefined ? null : JSON.stringify(selection),
      count,
      JSON.stringify(details ?? {}),
    ],
  );
}

/** Notes the messages that an operation touches, as it touches them. Must run in that transaction. */
export async function recordTouched(
  tx: EntityManager,
  operationId: string,
  action: string,
  touched: readonly TouchedMessage[],
): Promise<void> {
  if (touched.length === 0) return;
  await tx.query(
    `insert into audit_message (operation_id, action, dead_letter_id, message_id)
     select $1, $2, letter, message from unnest($3::uuid[], $4::text[]) as touched (letter, message)`,
    [
      operationId,
      action,
      touched.map(({ deadLetterId }) => deadLetterId),
      touched.map(({ messageId }) => messageId),
    ],
  );
}
