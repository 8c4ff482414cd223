import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type GaugeMetric, MetricsRegistry } from '@offload/platform';
import * as metrics from '../monitor.metrics.js';
import { CountStates, type StateCounts } from './count-states.js';

/**
 * How many things are in each state, at /metrics of every replica; the same on all of them. While the
 * database does not answer they are not shown, so that nobody takes old numbers for those of now.
 */
@Injectable()
export class StateGauges implements OnModuleInit {
  constructor(
    private readonly registry: MetricsRegistry,
    private readonly counts: CountStates,
  ) {}

  onModuleInit(): void {
    this.show(metrics.imports, 'state', ({ import: imports }) => imports);
    this.show(metrics.emails, 'state', ({ email }) => email);
    this.show(metrics.uploads, 'state', ({ upload }) => upload);
    this.show(metrics.deadLetters, 'state', ({ dead_letter: letters }) => letters);
    this.show(metrics.replays, 'state', ({ replay }) => replay);
    this.show(metrics.findings, 'code', ({ finding }) => finding);
  }

  private show<L extends string>(
    metric: GaugeMetric<L>,
    label: L,
    pick: (counts: StateCounts) => Map<string, number>,
  ): void {
    this.registry.gauge(metric, async (set) => {
      const counts = pick(await this.counts.read());
      for (const state of metric.labels[label]) {
        set(counts.get(state) ?? 0, { [label]: state } as Record<L, string>);
      }
    });
  }
}
