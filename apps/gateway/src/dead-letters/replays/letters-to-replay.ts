import { exchanges } from '@offload/messaging';
import type { Conditions } from '../filter-letters.js';

/** Which dead letters a replay may take, and why it leaves others alone. */
export interface Candidates extends Conditions {
  /** Those that are not open are left alone and listed; by a filter only open ones are meant. */
  withClosed: boolean;
}

/**
 * Reads candidates: `id, queue, group_id, message_id, message_type, first_failed_at, skip_code`, where the code says
 * why it is left alone and null means that it can be put back. `retention` is the
 * parameter that says for how many days handled messages are remembered; it is null where a copy goes out,
 * which was never handled, or is put back under its own id.
 */
export function selectCandidates({ sql, withClosed }: Candidates, retention: string): string {
  return `select letter.id, coalesce(letter.queue, '') as queue, letter.group_id, letter.message_id,
            letter.message_type, letter.first_failed_at, ${skipCode(retention)} as skip_code
       from dead_letter letter
      where (${sql}) ${withClosed ? '' : `and letter.state = 'open'`}`;
}

function skipCode(retention: string): string {
  return `case
    when letter.state = 'replaying' or ${isTaken} then 'in_another_replay'
    when letter.state <> 'open' then 'not_open'
    when ${isUnsendable} then 'unusable_message'
    when letter.first_failed_at < now() - ${retention} * interval '1 day' then 'older_than_inbox'
    when ${retention} is not null and ${hasUnsettledCopy} then 'edited_copy_unsettled'
    when ${retention} is null and ${isUnsettled} then 'original_unsettled' end`;
}

/** Also one that has failed by itself meanwhile, and so is open. */
const isTaken = `exists (
    select 1 from replay_item item
     where item.dead_letter_id = letter.id and item.state in ('claimed', 'published'))`;

/** Where messages of ours are sent to. One that does not exist breaks the channel of all others. */
const sendable = [exchanges.default, exchanges.commands, exchanges.events, exchanges.hints]
  .map((exchange) => `'${exchange}'`)
  .join(', ');

/** AMQP writes the length of a routing key into one byte. */
const isUnsendable = `(letter.exchange = '' and letter.routing_key = ''
    or letter.exchange not in (${sendable})
    or octet_length(letter.routing_key) > 255)`;

/**
 * It was put back under its own id and may still be handled; a copy, which has another id, would do the
 * same thing twice. The message may also be that of another row: the copy that this one took the place of.
 */
const isUnsettled = `exists (
    select 1 from replay_item item
     where item.state = 'expired'
       and (item.dead_letter_id = letter.id and item.edited_body is null
            or item.message_id = letter.message_id and item.queue = coalesce(letter.queue, '')))`;

/** The copy may still be handled; the original beside it would do the same thing twice. */
const hasUnsettledCopy = `exists (
    select 1 from replay_item item
     where item.dead_letter_id = letter.id and item.state = 'expired' and item.edited_body is not null)`;

/** Why a message was left alone, in words; the key is the code. */
export const skipDetails = {
  in_another_replay: 'Another replay has it.',
  not_open: 'It is not open: it was resolved or discarded.',
  not_found: 'There is no such dead letter.',
  not_in_filter: 'The filter leaves it out.',
  older_than_inbox:
    'It is older than handled messages are remembered, so a repetition could not be told from a first time. Replay an edited copy, or discard it.',
  unusable_message:
    'It cannot be sent: nothing says which queue it came from, or its address is none of ours.',
  edited_copy_unsettled:
    'An edited copy of it was put back and nothing was heard of it in time; both might be done. Send the same edit again, or discard it.',
  original_unsettled:
    'It was put back and nothing was heard of it in time; both might be done. Replay it as it is, or discard it.',
  aborted: 'The replay was aborted before it was its turn.',
} as const;
