import { headers } from '../amqp/headers.js';
import { replayItemIdOf } from '../amqp/replay-headers.js';
import type { IncomingMessage } from '../amqp/wire.js';

/** The number of this try, counted by us; the broker's own counts mean different things in different versions. */
export function attemptOf({ headers: table }: IncomingMessage): number {
  const attempt = table[headers.attempt];
  return typeof attempt === 'number' && Number.isInteger(attempt) && attempt >= 1 ? attempt : 1;
}

/** When it was sent first, in milliseconds since 1970; undefined where the message does not say. */
export function sentAtOf({ headers: table }: IncomingMessage): number | undefined {
  const time = table[headers.time];
  const sentAt = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  return Number.isNaN(sentAt) ? undefined : sentAt;
}

/** Whether an operator has put it back at any time; what it waited then says nothing about the road. */
export function isReplayed({ headers: table }: IncomingMessage): boolean {
  return replayItemIdOf(table) !== undefined || Number(table[headers.replays] ?? 0) > 0;
}
