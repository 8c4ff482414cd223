import type { HeldKind } from '../../../events/work-holds.js';
import { serves } from '../../holds/hold-of-kind.js';
import { liveOnes } from '../../workers/heard-worker.js';
import type { Facts, Trouble, Unmoved, UnmovedWork } from '../facts.js';
import { counted } from '../words.js';

/** Clocks of gateways and database may differ by so much, in milliseconds. */
const clockSlackMs = 60_000;

/**
 * Whether work without a sign of life may simply not have had its turn.
 *
 * Either its command has not left our outbox: what is younger than the oldest pending may be pending
 * too. Or it waits behind others in a queue that moves: what a worker took out of a queue of its kind
 * in the last minute had waited since before that sign.
 */
export function isWaitingItsTurn(kind: HeldKind, work: UnmovedWork, facts: Facts): boolean {
  const { outbox, workers, now } = facts;
  const sign = work.lastSignAt.getTime();
  const oldest = outbox.oldestAt?.getTime() ?? Infinity;
  if (work.state === 'queued' && oldest <= sign + clockSlackMs) return true;
  const waits = liveOnes(workers).flatMap(({ report }) =>
    report.consumers.flatMap(({ queue, waitedMs }) =>
      serves(kind, queue) ? (waitedMs ?? []) : [],
    ),
  );
  return Math.max(0, ...waits) >= now.getTime() - sign;
}

/** One finding for all that are not among the oldest: a thousand of them say no more than their number. */
export function remaining(
  { count, oldest }: Unmoved,
  about: Pick<Trouble, 'code' | 'subject' | 'remedy' | 'confirmAfterMs'> & { noun: string },
): Trouble[] {
  const more = count - oldest.length;
  if (more <= 0) return [];
  const { noun, ...rest } = about;
  const detail = `${counted(more, `more ${noun}`)} ${more === 1 ? 'has' : 'have'} given no sign of life either.`;
  return [{ ...rest, severity: 'critical', detail }];
}
