import Table from 'cli-table3';
import type { Style } from './style.js';

export interface Column<Row> {
  title: string;
  value: (row: Row) => string;
  /** May be cut when the terminal is narrow. (Default: false; ids have to be copied whole) */
  isFlexible?: boolean;
  isNumber?: boolean;
}

/** Columns of a cut table keep at least so much. */
const leastWidth = 12;
const gap = 2;

/** Rows under their titles, without lines, as wide as it takes and not wider than `width`. */
export function table<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { width, style }: { width: number; style: Style },
): string {
  const cells = rows.map((row) => columns.map(({ value }) => oneLine(value(row))));
  const widths = fit(
    columns.map(({ title }, place) =>
      Math.max(title.length, ...cells.map((row) => visibleLength(row[place] ?? ''))),
    ),
    columns.map(({ isFlexible }) => isFlexible ?? false),
    width,
  );
  const drawn = new Table({
    chars: noLines,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
    colWidths: widths,
    colAligns: columns.map(({ isNumber }) => (isNumber ? 'right' : 'left')),
  });
  drawn.push(
    columns.map(({ title }) => style.strong(title)),
    ...cells,
  );
  return drawn
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Takes what is too much from the widest flexible columns. */
function fit(natural: readonly number[], flexible: readonly boolean[], width: number): number[] {
  const widths = [...natural];
  let excess = widths.reduce((sum, each) => sum + each, gap * (widths.length - 1)) - width;
  while (excess > 0 && Number.isFinite(excess)) {
    const candidates = widths.map((each, place) =>
      flexible[place] && each > leastWidth ? each : 0,
    );
    const widest = candidates.indexOf(Math.max(...candidates));
    if (candidates[widest] === 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess -= 1;
  }
  return widths;
}

/** Without what only sets a colour. */
export function visibleLength(text: string): number {
  // oxlint-disable-next-line no-control-regex -- the escape character is what is looked for
  return Array.from(text.replace(/\u001b\[[0-9;]*m/g, '')).length;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}

const noLines = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' '.repeat(gap),
};
