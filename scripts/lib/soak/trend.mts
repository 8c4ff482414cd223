/** How a quantity goes over time. */
export interface Trend {
  /** By least squares, per hour. */
  perHour: number;
  /** The true slope is within this of it, with 95 % confidence. */
  give: number;
  /** How many points it rests on. */
  points: number;
}

export interface Point {
  atMs: number;
  value: number;
}

/** Memory goes up and down with the garbage collector; what is kept is the floor of each stretch. */
const stretchMs = 30_000;

/**
 * The trend of the floor over the second half of the time; the first is for what a process takes once. Undefined where
 * there are too few points to tell.
 */
export function floorTrend(points: readonly Point[]): Trend | undefined {
  const from = points[0]?.atMs ?? 0;
  const middle = from + ((points.at(-1)?.atMs ?? 0) - from) / 2;
  const stretches = Map.groupBy(
    points.filter(({ atMs }) => atMs >= middle),
    ({ atMs }) => Math.floor((atMs - middle) / stretchMs),
  );
  // The last one may be cut short.
  const floors = [...stretches.values()].slice(0, -1).map(lowest);
  return floors.length < 10 ? undefined : leastSquares(floors);
}

function lowest(points: readonly Point[]): Point {
  return points.reduce((least, each) => (each.value < least.value ? each : least));
}

function leastSquares(points: readonly Point[]): Trend {
  const hours = points.map(({ atMs }) => atMs / 3_600_000);
  const [meanX, meanY] = [mean(hours), mean(points.map(({ value }) => value))];
  const xx = sum(hours.map((x) => (x - meanX) ** 2));
  const xy = sum(points.map(({ value }, place) => ((hours[place] ?? 0) - meanX) * (value - meanY)));
  const perHour = xy / xx;
  const residual = points.map(
    ({ value }, place) => value - meanY - perHour * ((hours[place] ?? 0) - meanX),
  );
  const freedom = points.length - 2;
  const error = Math.sqrt(sum(residual.map((each) => each ** 2)) / freedom / xx);
  return { perHour, give: studentT(freedom) * error, points: points.length };
}

/** The two-sided 95 % quantile, to within 1 % from the eight degrees of freedom on that `floorTrend` leaves. */
function studentT(freedom: number): number {
  return 1.96 + 2.4 / freedom + 3.2 / freedom ** 2;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}
