/** Steps of a sparkline. */
const steps = 24;

/** How the time from the first failure until now is cut into steps of whole seconds. */
export function stepsOf(since: Date, now: Date): { from: string; bucketS: number } {
  const seconds = (now.getTime() - since.getTime()) / 1000;
  return { from: since.toISOString(), bucketS: Math.max(1, Math.ceil(seconds / steps)) };
}

/**
 * The step that a time falls into, in SQL over `steps.starts_at` and `steps.seconds`. What a clock that
 * runs ahead has dated after now falls into the last one.
 */
export function bucketOf(column: string): string {
  const step = `floor(extract(epoch from ${column} - steps.starts_at) / steps.seconds)`;
  return `greatest(0, least(${steps - 1}, ${step}))::int`;
}

/** All steps, those without a count too. */
export function seriesOf(counted: readonly { step: number; count: number }[]): number[] {
  const counts = Array.from({ length: steps }, () => 0);
  for (const { step, count } of counted) counts[step] = count;
  return counts;
}
