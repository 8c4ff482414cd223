import { z } from 'zod';
import { headers } from './headers.js';

/**
 * The item of the replay that put a message back; undefined for any other message.
 *
 * Whoever may publish can write this header, so a value that is no id counts as none.
 */
export function replayItemIdOf(table: Record<string, unknown>): string | undefined {
  return idIn(table[headers.replayItem]);
}

/** The message of which this one is an edited copy; undefined for any other message. */
export function editOf(table: Record<string, unknown>): string | undefined {
  return idIn(table[headers.editOf]);
}

function idIn(value: unknown): string | undefined {
  return value === undefined ? undefined : Id.safeParse(value).data;
}

const Id = z.uuid();
