import { Injectable, Logger } from '@nestjs/common';
import { FindingCode } from '@offload/contracts/http';
import { MetricsRegistry } from '@offload/platform';
import { Gauge } from 'prom-client';
import { FindingStore } from './finding-store.js';

/** Open findings by code, at /metrics of every replica; the same on all of them. */
@Injectable()
export class FindingsGauge {
  private readonly logger = new Logger('Watchdog');

  constructor(registry: MetricsRegistry, findings: FindingStore) {
    const { logger } = this;
    const gauge = new Gauge({
      name: 'offload_findings',
      help: 'Findings of the watchdog that are open.',
      labelNames: ['code'],
      registers: [registry],
      async collect() {
        try {
          const counts = await findings.countOpen();
          for (const code of FindingCode.options) this.set({ code }, counts.get(code) ?? 0);
        } catch (error) {
          // The other figures are wanted most while the database is away; these keep their last value.
          logger.warn({ event: 'count-findings', err: error });
        }
      },
    });
    for (const code of FindingCode.options) gauge.set({ code }, 0);
  }
}
