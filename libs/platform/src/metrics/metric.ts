/**
 * One metric as data: what it is called, what it counts, and which values its labels may have.
 *
 * Declared in files named `<owner>.metrics.ts`, of which the reference page is made; what is served
 * under /metrics is made from the same declarations (see MetricsRegistry), so the two cannot differ.
 */
export interface Metric<L extends string = string> {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly name: string;
  /** Says exactly what is counted and when, as a sentence. */
  readonly help: string;
  readonly labels: Readonly<Record<L, LabelValues>>;
  /** Upper bounds, of histograms alone, in the unit that the name ends with. */
  readonly buckets?: readonly number[];
}

/**
 * The values that a label can have: all of them, or in words where they come from. They are never what
 * a client or a message chooses, who could fill the memory with them.
 */
export type LabelValues = readonly string[] | string;

export type CounterMetric<L extends string> = Metric<L> & { readonly type: 'counter' };
export type GaugeMetric<L extends string> = Metric<L> & { readonly type: 'gauge' };
export type HistogramMetric<L extends string> = Metric<L> & {
  readonly type: 'histogram';
  readonly buckets: readonly number[];
};

type Words<L extends string> = { help: string; labels?: Readonly<Record<L, LabelValues>> };

/** Counts up, from the start of the process on. Its name ends with `_total`. */
export function counterMetric<L extends string = never>(
  name: `${string}_total`,
  { help, labels }: Words<L>,
): CounterMetric<L> {
  return { type: 'counter', name, help, labels: labels ?? none() };
}

/** How something stands at the moment of the scrape. */
export function gaugeMetric<L extends string = never>(
  name: string,
  { help, labels }: Words<L>,
): GaugeMetric<L> {
  return { type: 'gauge', name, help, labels: labels ?? none() };
}

/** Durations, in seconds. */
export function histogramMetric<L extends string = never>(
  name: `${string}_seconds`,
  { help, labels, buckets }: Words<L> & { buckets: readonly number[] },
): HistogramMetric<L> {
  return { type: 'histogram', name, help, labels: labels ?? none(), buckets };
}

/** Whether what a file exports is a metric. */
export function isMetric(exported: unknown): exported is Metric {
  return (
    typeof exported === 'object' &&
    exported !== null &&
    'help' in exported &&
    'labels' in exported &&
    'name' in exported
  );
}

function none<L extends string>(): Readonly<Record<L, LabelValues>> {
  return {} as Readonly<Record<L, LabelValues>>;
}
