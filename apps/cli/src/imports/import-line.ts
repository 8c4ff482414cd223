import type { ImportResource, PhaseProgress } from '@offload/contracts/http';
import { bytes, figure, plural } from '../terminal/numbers.js';
import { span } from '../terminal/times.js';

/** How far an import has come, in one line without colours. */
export function importLine({ state, progress, hold, problem }: ImportResource): string {
  const { percent, rows_loaded: loaded, rows_rejected: rejected } = progress;
  const { bytes_total: total, rate_rows_s: rate, eta_s: eta, phases } = progress;
  const running = phases.length > 1 ? phases.find((phase) => phase.state === 'running') : undefined;
  const parts = [
    `${state.replaceAll('_', ' ')} ${percent} % of ${bytes(total)}`,
    ...(running ? [`${running.name} ${running.percent} %`] : []),
    `${plural(loaded, 'row')}${rejected > 0 ? ` and ${figure(rejected)} rejected` : ''}`,
    ...(rate === null ? [] : [`${figure(rate)} rows/s`]),
    ...(eta === null ? [] : [`${span(eta)} left`]),
    ...(hold ? [hold.detail] : []),
    ...(state === 'interrupted' && problem ? [problem.detail] : []),
  ];
  return parts.join(' · ');
}

/** So much of a phase is done, in its own unit: `1.2 GiB of 2.0 GiB`. */
export function amount({ done, total, unit }: PhaseProgress): string {
  const write = (value: number): string =>
    unit === 'bytes' ? bytes(value) : `${figure(value)} ${unit}`;
  return total === 0
    ? write(done)
    : `${unit === 'bytes' ? bytes(done) : figure(done)} of ${write(total)}`;
}
