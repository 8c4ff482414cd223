import { PassOn } from './pass-on.js';
import type { RootOptions, Span, SpanOptions, TracePlace, Tracer } from './tracer.js';

/**
 * What the rest of Offload knows of tracing. It is one per process, as requests and messages are not handed
 * a tracer: where they belong goes with them through everything that they await.
 */
let tracer: Tracer = new PassOn();

/** Takes the place of the tracer; answers what puts the one before back, for tests. */
export function useTracer(next: Tracer): () => void {
  const before = tracer;
  tracer = next;
  return () => {
    tracer = before;
  };
}

/** Whether anything is recorded in this process. */
export function isTracing(): boolean {
  return tracer.isRecording;
}

/** Begins a step that others asked for, by their traceparent where they sent one. Whoever opens it ends it. */
export function openSpan(name: string, options: RootOptions): Span {
  return tracer.open(name, options);
}

/**
 * Does one step of the work at hand, and notes how long it took and how it failed. Where the work belongs
 * to no trace, as that of timers does, it is not noted.
 */
export async function inSpan<T>(
  name: string,
  options: SpanOptions,
  work: (span: Pick<Span, 'set' | 'fail'>) => Promise<T>,
): Promise<T> {
  if (!tracer.isRecording) return work(nothing);
  const span = tracer.openInside(name, options);
  try {
    return await span.run(() => work(span));
  } catch (error) {
    span.fail(error);
    throw error;
  } finally {
    span.end();
  }
}

const nothing = { set: () => undefined, fail: () => undefined };

/** Does something that is not worth being recorded, or that has nothing to do with who happens to cause it. */
export function untraced<T>(work: () => T): T {
  return tracer.untraced(work);
}

/** The traceparent for what is sent now; undefined when the work at hand belongs to no trace. */
export function currentTraceparent({ isMinor = false } = {}): string | undefined {
  return tracer.traceparent({ isMinor });
}

/** Where the work at hand belongs, by the names that log lines use. */
export function traceFields(): { trace_id?: string; span_id?: string } {
  return fieldsOf(tracer.place());
}

export function fieldsOf(place: TracePlace | undefined): { trace_id?: string; span_id?: string } {
  if (!place) return {};
  return place.spanId === undefined
    ? { trace_id: place.traceId }
    : { trace_id: place.traceId, span_id: place.spanId };
}

/** Exports what is left, for a few seconds at most; what ends later is not recorded. */
export async function stopTracing(): Promise<void> {
  await tracer.stop();
}
