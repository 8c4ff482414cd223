import type { ReplayResource } from '@offload/contracts/http';
import { CliError, EndedBadly, exitCodes } from '../exit-codes.js';
import { figure, plural } from '../terminal/numbers.js';

/** Whether nothing more happens to it by itself; one that was aborted first finishes what is on its way. */
export function isAtRest({ state, finished_at: finishedAt }: ReplayResource): boolean {
  return state === 'paused' || (state !== 'running' && finishedAt !== null);
}

/**
 * How a replay that is at rest has ended, in words: answers them when all is well, throws them with
 * their exit code when it is paused, was aborted, or left messages undone.
 */
export function judgeReplay({ id, state, counts, pause }: ReplayResource): string {
  const { total, succeeded, failed_again: failedAgain, expired, skipped } = counts;
  const outcome = `${figure(succeeded)} of ${plural(total, 'message')} succeeded`;
  if (state === 'paused') {
    throw new CliError(
      exitCodes.paused,
      `Paused (${pause?.code ?? 'unknown'}): ${pause?.detail ?? 'no reason is known.'} ${outcome} so far.\n` +
        `Look:    offload replays items ${id} --state failed_again\n` +
        `Go on:   offload replays resume ${id} --watch --reason '…'\n` +
        `End it:  offload replays abort ${id} --reason '…'`,
    );
  }
  if (state === 'aborted') {
    throw new EndedBadly(`Aborted: ${outcome}; what was not published is open again.`);
  }
  const undone = [
    ...(failedAgain > 0 ? [`${figure(failedAgain)} failed again`] : []),
    ...(expired > 0 ? [`of ${figure(expired)} nothing was heard in time`] : []),
  ];
  const left = skipped > 0 ? `, ${figure(skipped)} left alone` : '';
  if (undone.length === 0) return `Completed: ${outcome}${left}.`;
  throw new EndedBadly(
    `Completed: ${outcome}${left}, ${undone.join(', ')}.\n` +
      `Look:    offload replays items ${id} --state ${failedAgain > 0 ? 'failed_again' : 'expired'}\n` +
      `Then:    offload replays follow-up ${id} replay|discard --reason '…'`,
  );
}
