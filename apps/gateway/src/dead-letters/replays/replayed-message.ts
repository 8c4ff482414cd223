import { findContract } from '@offload/contracts';
import { headers, type WireMessage, type WireProperties, withoutFailure } from '@offload/messaging';
import { z } from 'zod';

/** A dead letter and its item, as the runner reads them. */
export interface ReplayedRow {
  item_id: string;
  dead_letter_id: string;
  exchange: string;
  routing_key: string;
  /** Of the original. */
  original_id: string | null;
  properties: WireProperties;
  headers: Record<string, unknown>;
  body: Buffer;
  /** How often it was put back before. */
  replays: number;
  /** Of an edited copy, with the id that it has from the start. */
  edited_body: Buffer | null;
  edited_id: string | null;
}

/**
 * The message as it goes back to the one queue that failed: with its own id, by which the inbox knows
 * what was done after all, and as a first try. An edited copy has an id of its own and says whose copy
 * it is; and only a message without a usable id gets a fresh one.
 */
export function replayedMessage(row: ReplayedRow, freshId: () => string): WireMessage {
  const isEdited = row.edited_body !== null;
  const own = isEdited ? row.edited_id : row.original_id;
  return {
    exchange: row.exchange,
    routingKey: row.routing_key,
    // As PostgreSQL writes it: the outbox and the inbox keep it as a uuid.
    messageId: own !== null && isId(own) ? own.toLowerCase() : freshId(),
    properties: row.properties,
    headers: {
      ...withoutTrace(withoutFailure(row.headers)),
      [headers.attempt]: 1,
      [headers.replays]: row.replays + 1,
      [headers.replayItem]: row.item_id,
      ...(row.edited_body === null ? {} : headersOfCopy(row, row.edited_body)),
    },
    body: row.edited_body ?? row.body,
  };
}

/**
 * It begins a trace of its own, which names the one in which it failed: that may be days old, and one
 * replay may put back messages of many.
 */
function withoutTrace(table: Record<string, unknown>): Record<string, unknown> {
  const {
    [headers.traceparent]: before,
    [headers.minor]: _minor,
    [headers.tracedBefore]: earlier,
    ...rest
  } = table;
  const link = before ?? earlier;
  return link === undefined ? rest : { ...rest, [headers.tracedBefore]: link };
}

/** What the copy is about follows from what it says. */
function headersOfCopy(row: ReplayedRow, body: Buffer): Record<string, unknown> {
  const contract = findContract(row.properties.type ?? '');
  const payload = contract?.schema.safeParse(JSON.parse(body.toString('utf8')));
  const subject = payload?.success ? contract?.subjectOf(payload.data) : undefined;
  return {
    [headers.editOf]: editedFrom(row),
    ...(subject === undefined ? {} : { [headers.subject]: subject }),
  };
}

/** A message without a usable id is known by its dead letter. */
function editedFrom({ original_id: id, dead_letter_id: deadLetterId }: ReplayedRow): string {
  return id !== null && isId(id) ? id : deadLetterId;
}

function isId(text: string): boolean {
  return z.uuid().safeParse(text).success;
}
