import { AsyncLocalStorage } from 'node:async_hooks';
import { formatTraceparent, parseTraceparent } from './traceparent.js';
import type { RootOptions, Span, TracePlace, Tracer } from './tracer.js';

/** A step that nothing is known of; there is one for all. */
export const noSpan: Span = {
  traceparent: undefined,
  run: (work) => work(),
  set: () => undefined,
  rename: () => undefined,
  fail: () => undefined,
  end: () => undefined,
};

/**
 * Tracing while it is off: who sends a traceparent finds it again in our log lines and in the messages that
 * follow, and nobody else pays anything.
 */
export class PassOn implements Tracer {
  readonly isRecording = false;
  private readonly given = new AsyncLocalStorage<string | undefined>();

  open(_name: string, { parent }: RootOptions): Span {
    const place = parseTraceparent(parent);
    if (!place) return noSpan;
    // Not as it was sent: a later version may have kilobytes behind it, and every message would carry them.
    const traceparent = formatTraceparent(place);
    return { ...noSpan, traceparent, run: (work) => this.given.run(traceparent, work) };
  }

  openInside(): Span {
    return noSpan;
  }

  place(): TracePlace | undefined {
    const { traceId, spanId } = parseTraceparent(this.given.getStore()) ?? {};
    return traceId === undefined ? undefined : { traceId, spanId };
  }

  traceparent(): string | undefined {
    return this.given.getStore();
  }

  untraced<T>(work: () => T): T {
    return this.given.run(undefined, work);
  }

  async stop(): Promise<void> {}
}
