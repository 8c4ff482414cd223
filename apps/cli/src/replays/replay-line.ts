import type { ReplayCounts, ReplayResource } from '@offload/contracts/http';
import { figure } from '../terminal/numbers.js';
import type { Rate } from './rate.js';

/** How far a replay has come, in one line without colours. */
export function replayLine(replay: ReplayResource, rate: number | undefined): string {
  const { state, stage, percent, counts, pause, waiting } = replay;
  const outcome = [
    `${figure(counts.succeeded)} succeeded`,
    `${figure(counts.failed_again)} failed again`,
    ...(counts.expired > 0 ? [`${figure(counts.expired)} expired`] : []),
    ...(counts.skipped > 0 ? [`${figure(counts.skipped)} skipped`] : []),
    `${figure(counts.published)} on their way`,
    `${figure(counts.claimed)} waiting`,
  ];
  const speed = rate === undefined || state !== 'running' ? '' : ` · ${rate.toFixed(1)}/s`;
  const why = pause && state === 'paused' ? pause.detail : state === 'running' ? waiting : null;
  const label = state === 'running' ? stage : state;
  return `${label} ${percent} % of ${figure(counts.total)}: ${outcome.join(', ')}${speed}${why ? ` · ${why}` : ''}`;
}

/** Messages whose outcome is known. */
export function settledOf({ succeeded, failed_again, expired }: ReplayCounts): number {
  return succeeded + failed_again + expired;
}

/** The line with the rate of what was just seen. */
export function replayProgress(rate: Rate, now: () => Date) {
  return (replay: ReplayResource): { line: string; stage: string } => ({
    line: replayLine(replay, rate.take(settledOf(replay.counts), now().getTime())),
    // The same wait with other numbers is not worth a line of a log.
    stage: `${replay.state}/${replay.stage}/${replay.waiting?.replaceAll(/\d/g, '') ?? ''}`,
  });
}
