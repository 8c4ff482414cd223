import type { ImportResource } from '@offload/contracts/http';
import { EndedBadly } from '../exit-codes.js';
import { bytes, figure, plural } from '../terminal/numbers.js';
import { span } from '../terminal/times.js';

/** How far an import has come, in one line without colours. */
export function importLine({ state, progress, hold, problem }: ImportResource): string {
  const { percent, rows_loaded: loaded, rows_rejected: rejected } = progress;
  const { bytes_done: done, bytes_total: total, rate_rows_s: rate, eta_s: eta } = progress;
  const parts = [
    `${state.replaceAll('_', ' ')} ${percent} % of ${bytes(total)}`,
    `${plural(loaded, 'row')}${rejected > 0 ? ` and ${figure(rejected)} rejected` : ''}`,
    ...(rate === null ? [] : [`${figure(rate)} rows/s`]),
    ...(eta === null || done === 0 ? [] : [`${span(eta)} left`]),
    ...(hold ? [hold.detail] : []),
    ...(state === 'interrupted' && problem ? [problem.detail] : []),
  ];
  return parts.join(' · ');
}

/** Whether nothing more comes. An interrupted import goes on when an operator replays its dead letter. */
export function hasEnded({ state }: ImportResource): boolean {
  return state === 'completed' || state === 'completed_with_errors' || state === 'failed';
}

/** How it has ended, in words. Throws EndedBadly when it has failed; rejected rows are no failure. */
export function judgeImport({
  state,
  summary,
  problem,
  rejections,
  dataset,
}: ImportResource): string {
  if (state === 'failed') {
    throw new EndedBadly(`Failed: ${problem?.detail ?? summary ?? 'no reason was given.'}`);
  }
  const lines = rejections.map(
    ({ rows, message, first_line: line }) =>
      `  ${plural(rows, 'row')} rejected, the first in line ${figure(line)}: ${message}`,
  );
  return [summary ?? `The rows are in the dataset ${dataset.name}.`, ...lines].join('\n');
}
