/** Two ways to the same end, measured in turn in one run, so that both meet the same machine. */
export interface Comparison {
  title: string;
  unit: string;
  ours: Contestant;
  reference: Contestant;
  rounds: number;
  /** What the median of ours / reference is to be: at most (of times) or at least (of rates). */
  goal?: { atMost: number } | { atLeast: number };
}

export interface Contestant {
  name: string;
  /** One measurement. */
  measure: () => Promise<number>;
}

const widths = { round: 8, first: 14, second: 20, other: 10 };

/**
 * Runs one round that does not count, in which programs warm up and files come into memory, and then
 * the rounds, alternating, and prints each as it ends. Answers the median of the ratios.
 */
export async function compare(
  { title, unit, ours, reference, rounds, goal }: Comparison,
  signal: AbortSignal,
): Promise<number> {
  console.log(`\n${title} (${unit})`);
  printRow('round', [ours.name, reference.name, 'ratio']);
  const ratios: number[] = [];
  for (let round = 0; round <= rounds && !signal.aborted; round++) {
    const pair = [await ours.measure(), await reference.measure()] as const;
    const ratio = pair[0] / pair[1];
    if (round > 0) ratios.push(ratio);
    printRow(round === 0 ? 'warm-up' : String(round), [...pair.map(shown), ratio.toFixed(2)]);
  }
  const middle = median(ratios);
  printRow('median', ['', '', middle.toFixed(2), `  ${verdict(middle, goal)}`]);
  return middle;
}

export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? NaN;
  return (upper + lower) / 2;
}

function printRow(name: string, cells: string[]): void {
  const [first = '', second = '', ...others] = cells;
  const line =
    name.padEnd(widths.round) +
    first.padStart(widths.first) +
    second.padStart(widths.second) +
    others.map((cell) => cell.padStart(widths.other)).join('');
  console.log(line.trimEnd());
}

function shown(figure: number): string {
  return figure >= 100 ? figure.toFixed(0) : figure.toFixed(2);
}

function verdict(ratio: number, goal: Comparison['goal']): string {
  if (!goal) return '';
  const isReached = 'atMost' in goal ? ratio <= goal.atMost : ratio >= goal.atLeast;
  const wanted = 'atMost' in goal ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`;
  return `goal ${wanted}: ${isReached ? 'reached' : 'missed'}`;
}
