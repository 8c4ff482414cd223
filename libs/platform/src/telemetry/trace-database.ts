import { SpanStatusCode, type TracerProvider } from '@opentelemetry/api';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import type { Span, SpanProcessor } from '@opentelemetry/sdk-trace';
import { summariseQuery } from './summarise-query.js';

/**
 * Fits `pg` with spans when it is loaded after this. A statement has one only inside another step, so that
 * what looks into the database now and then leaves none; and none tells the values that went with it.
 */
export function traceDatabase(provider: TracerProvider): void {
  const instrumentation = new PgInstrumentation({
    requireParentSpan: true,
    // Time spent waiting for a connection shows as the gap before the first statement.
    ignoreConnectSpans: true,
    requestHook: (span, { query }) => {
      const summary = summariseQuery(query.text);
      span.updateName(query.name ?? summary);
      span.setAttribute('db.query.summary', summary);
    },
  });
  instrumentation.setTracerProvider(provider);
}

/** PostgreSQL's own words can quote the value that it refuses; the code of the error stays. */
export class WithoutDatabaseTexts implements SpanProcessor {
  onStart(): void {}

  onEnding(span: Span): void {
    if (span.status.code !== SpanStatusCode.ERROR) return;
    if (!span.instrumentationScope.name.endsWith('instrumentation-pg')) return;
    span.setStatus({ code: SpanStatusCode.ERROR });
  }

  onEnd(): void {}

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {}
}
