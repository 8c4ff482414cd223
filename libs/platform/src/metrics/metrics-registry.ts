import { Injectable, Logger } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { CounterMetric, GaugeMetric, HistogramMetric, Metric } from './metric.js';

/** Tells one value of a gauge while it is read. */
export type SetValue<L extends string> = (
  value: number,
  labels?: Partial<Record<L, string>>,
) => void;

/**
 * Where a process keeps what it counts. It begins with the process itself: CPU, memory, garbage
 * collection, event loop lag.
 *
 * A registry for each application and not the one of the whole process, so that two applications in
 * one process (as tests have them) do not count for each other.
 */
@Injectable()
export class MetricsRegistry extends Registry {
  private readonly logger = new Logger('Metrics');
  private readonly unread = new Set<string>();

  constructor() {
    super();
    collectDefaultMetrics({ register: this });
  }

  /**
   * Every combination of labels that is known begins with zero: of a series that appears with its first
   * event, Prometheus does not see that event.
   */
  counter<L extends string>(metric: CounterMetric<L>): Counter<L> {
    const counter = new Counter<L>({ ...this.settingsOf(metric) });
    for (const labels of knownLabels(metric)) counter.inc(labels, 0);
    return counter;
  }

  histogram<L extends string>(metric: HistogramMetric<L>): Histogram<L> {
    const settings = { ...this.settingsOf(metric), buckets: [...metric.buckets] };
    const histogram = new Histogram<L>(settings);
    for (const labels of knownLabels(metric)) histogram.zero(labels);
    return histogram;
  }

  /**
   * A gauge that is read at the scrape. What is not known then, or cannot be read, is not shown, rather than
   * shown as it was: whoever looks must not take yesterday's number for today's.
   */
  gauge<L extends string>(
    metric: GaugeMetric<L>,
    read: (set: SetValue<L>) => void | Promise<void>,
  ): void {
    const isPlain = Object.keys(metric.labels).length === 0;
    const gauge: Gauge<L> = new Gauge<L>({
      ...this.settingsOf(metric),
      collect: async () => {
        const values = await this.read(metric.name, read);
        gauge.reset();
        // Without labels, resetting leaves a zero.
        if (isPlain) gauge.remove();
        for (const [value, labels = {}] of values) gauge.set(labels, value);
      },
    });
  }

  /** No values when it cannot be read: the other figures are wanted most just then. */
  private async read<L extends string>(
    name: string,
    read: (set: SetValue<L>) => void | Promise<void>,
  ): Promise<Parameters<SetValue<L>>[]> {
    const values: Parameters<SetValue<L>>[] = [];
    try {
      await read((...value) => values.push(value));
      this.unread.delete(name);
      return values;
    } catch (error) {
      // One line when it begins, and not one with each scrape.
      if (!this.unread.has(name)) this.logger.warn({ event: 'read-gauge', name, err: error });
      this.unread.add(name);
      return [];
    }
  }

  private settingsOf<L extends string>({
    name,
    help,
    labels,
  }: Metric<L>): {
    name: string;
    help: string;
    labelNames: L[];
    registers: Registry[];
  } {
    return { name, help, labelNames: Object.keys(labels) as L[], registers: [this] };
  }
}

/** Nothing where the values of a label are told in words: they are known when they come. */
function knownLabels<L extends string>({ labels }: Metric<L>): Partial<Record<L, string>>[] {
  let known: Partial<Record<L, string>>[] = [{}];
  for (const [label, values] of Object.entries(labels) as [L, readonly string[] | string][]) {
    if (typeof values === 'string') return [];
    known = known.flatMap((before) => values.map((value) => ({ ...before, [label]: value })));
  }
  return known;
}
