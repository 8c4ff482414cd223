const levels = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** Counts over time as one row of bars; an empty step stays empty. */
export function sparkline(counts: readonly number[]): string {
  const most = Math.max(1, ...counts);
  return counts
    .map((count) =>
      count === 0 ? ' ' : levels[Math.min(levels.length - 1, Math.floor((count / most) * 7.99))],
    )
    .join('');
}
