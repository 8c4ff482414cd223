import type { ImportResource, PhaseProgress } from '@offload/contracts/http';
import { bar } from '../terminal/bar.js';
import { bytes, figure, plural } from '../terminal/numbers.js';
import { cut } from '../terminal/progress-line.js';
import { type Style, stateText } from '../terminal/style.js';
import { span } from '../terminal/times.js';
import { amount } from './import-line.js';

const nameWidth = 10;
const bars = { least: 6, most: 32 };
/** Around and between name, bar and words. */
const gaps = 6;

/** How far an import has come, with a bar for each phase; every line fits the width. */
export function importBars(
  { state, file_name: file, dataset, progress, hold, problem, dry_run: isDry }: ImportResource,
  { width, style }: { width: number; style: Style },
): string[] {
  const title = `${isDry ? 'Dry run: ' : ''}${file} → ${dataset.name}`;
  const words = state.replaceAll('_', ' ');
  const heading = cut(title, Math.max(1, width - words.length - 3));
  const phases = progress.phases.map((phase) => ({
    ...phase,
    said: said(phase, progress.rate_rows_s),
  }));
  const longest = Math.max(...phases.map((phase) => phase.said.length));
  const room = width - nameWidth - gaps;
  const barWidth = Math.max(bars.least, Math.min(bars.most, room - longest));
  const trouble = hold?.detail ?? (state === 'interrupted' ? problem?.detail : undefined);
  return [
    `${style.strong(heading)} · ${stateText(state, style)}`,
    ...phases.map((phase) => phaseLine(phase, { barWidth, room: room - barWidth, style })),
    cut(`  ${rowsOf(progress)}`, width),
    ...(trouble === undefined ? [] : [style.notable(cut(`  ${trouble}`, width))]),
  ];
}

function phaseLine(
  { name, state, percent, said: words }: PhaseProgress & { said: string },
  { barWidth, room, style }: { barWidth: number; room: number; style: Style },
): string {
  const { done, left } = bar(percent / 100, barWidth);
  const paint = { done: 'good', running: 'strong', waiting: 'faint', stopped: 'notable' } as const;
  const drawn = `${style[paint[state]](done)}${style.faint(left)}`;
  return `  ${name.padEnd(nameWidth)}  ${drawn}  ${cut(words, Math.max(1, room))}`;
}

/** A phase that is over needs no numbers any more. */
function said(phase: PhaseProgress, rowsPerS: number | null): string {
  if (phase.state === 'waiting') return 'waits';
  if (phase.state === 'done') return phase.total === 0 ? 'done' : `done, ${amountAtEnd(phase)}`;
  const parts = [
    `${String(phase.percent).padStart(2)} %`,
    amount(phase),
    ...(phase.state === 'stopped' ? ['stopped'] : speed(phase, rowsPerS)),
  ];
  return parts.join(' · ');
}

function amountAtEnd({ total, unit }: PhaseProgress): string {
  return unit === 'bytes' ? bytes(total) : `${figure(total)} ${unit}`;
}

function speed(
  { name, unit, rate_per_s: rate, eta_s: eta }: PhaseProgress,
  rowsPerS: number | null,
): string[] {
  const rows = name === 'loading' && rowsPerS !== null ? `${figure(rowsPerS)} rows/s` : undefined;
  const units =
    rate === null ? undefined : unit === 'bytes' ? `${bytes(rate)}/s` : `${figure(rate)} ${unit}/s`;
  return [rows ?? units, eta === null ? undefined : `${span(eta)} left`].filter(
    (part) => part !== undefined,
  );
}

function rowsOf({
  rows_loaded: loaded,
  rows_rejected: rejected,
  ...rows
}: ImportResource['progress']): string {
  const { rows_updated: updated, rows_unchanged: unchanged, rows_skipped: skipped } = rows;
  return [
    `${plural(loaded, 'row')} good`,
    `${figure(rejected)} rejected`,
    ...(updated > 0 ? [`${figure(updated)} updated`] : []),
    ...(unchanged > 0 ? [`${figure(unchanged)} unchanged`] : []),
    ...(skipped > 0 ? [`${figure(skipped)} skipped`] : []),
  ].join(' · ');
}
