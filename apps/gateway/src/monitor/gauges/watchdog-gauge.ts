import { Injectable } from '@nestjs/common';
import { MetricsRegistry, QuickQuestion } from '@offload/platform';
import { DataSource } from 'typeorm';
import { watchdogLook } from '../monitor.metrics.js';

/** Longest that the database may take for it, in milliseconds. */
const timeoutMs = 1_000;

/**
 * When the watchdog looked last, at /metrics of every replica. Findings that stay away because nobody looks
 * are the same zeros as findings that there are none of: this tells them apart.
 */
@Injectable()
export class WatchdogGauge {
  constructor(registry: MetricsRegistry, dataSource: DataSource) {
    const question = new QuickQuestion(dataSource, lookQuery, timeoutMs);
    registry.gauge(watchdogLook, async (set) => {
      const [row] = await question.ask();
      if (typeof row?.['at'] === 'number') set(row['at']);
    });
  }
}

const lookQuery = 'select extract(epoch from checked_at)::float8 as at from watchdog';
