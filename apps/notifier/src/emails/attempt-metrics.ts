import { Injectable, type OnModuleInit } from '@nestjs/common';
import { MetricsRegistry } from '@offload/platform';
import { AttemptLog } from './attempt-log.js';
import type { AttemptOutcome } from './email-attempt.entity.js';
import { emailAttemptDuration } from './emails.metrics.js';

/** Counts and times conversations with relays, as soon as their end is committed. */
@Injectable()
export class AttemptMetrics implements OnModuleInit {
  private readonly durations;

  constructor(
    registry: MetricsRegistry,
    private readonly log: AttemptLog,
  ) {
    this.durations = registry.histogram(emailAttemptDuration);
  }

  onModuleInit(): void {
    this.log.ended.subscribe(({ relay, outcome, startedAt, finishedAt }) => {
      if (!outcome || !finishedAt) return;
      const ms = Math.max(0, finishedAt.getTime() - startedAt.getTime());
      this.durations.observe({ relay, result: resultOf[outcome] }, ms / 1000);
    });
  }
}

const resultOf: Record<AttemptOutcome, string> = {
  sent: 'sent',
  deferred: 'deferred',
  refused: 'failed',
  in_doubt: 'in_doubt',
};
