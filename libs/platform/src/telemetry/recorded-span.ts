import {
  type Attributes,
  type Context,
  context,
  createContextKey,
  ROOT_CONTEXT,
  type Span as OtelSpan,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
} from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import { failureFacts } from './failure-facts.js';
import type { Span, SpanAttributes, SpanOptions } from './tracer.js';
import { formatTraceparent, parseTraceparent } from './traceparent.js';
import { withoutUndefined } from './without-undefined.js';

/** A step that is recorded, or not, as the sampler decides; a minor one only when something comes of it. */
export class RecordedSpan implements Span {
  readonly traceparent: string | undefined;
  private readonly inside: Context;
  private isWanted = true;
  private hasEnded = false;

  constructor(
    private readonly span: OtelSpan,
    around: Context,
    minorParent?: string,
  ) {
    this.traceparent = traceparentOf(span.spanContext());
    if (minorParent === undefined) {
      this.inside = trace.setSpan(around, span);
      return;
    }
    this.isWanted = false;
    const keep = (): void => {
      this.isWanted = true;
    };
    const minor: Minor = { parent: minorParent, own: span.spanContext(), keep };
    this.inside = suppressTracing(ROOT_CONTEXT.setValue(minorKey, minor));
  }

  run<T>(work: () => T): T {
    return context.with(this.inside, work);
  }

  set(attributes: SpanAttributes): void {
    if (!this.hasEnded) this.span.setAttributes(withoutUndefined(attributes));
  }

  rename(name: string): void {
    if (!this.hasEnded) this.span.updateName(name);
  }

  fail(error: unknown): void {
    if (this.hasEnded) return;
    this.isWanted = true;
    const facts = failureFacts(error);
    this.span.recordException(facts);
    this.span.setAttribute('error.type', facts.code);
    this.span.setStatus({ code: SpanStatusCode.ERROR, message: facts.message });
  }

  /** What has not ended is not exported, which is how a minor step goes without a trace. */
  end(): void {
    if (this.hasEnded || !this.isWanted) return;
    this.hasEnded = true;
    this.span.end();
  }
}

/** A minor step, as what happens inside it sees it. */
interface Minor {
  /** Minor messages go on from what it came from, as it may never be recorded itself. */
  parent: string;
  own: SpanContext;
  keep: () => void;
}

const minorKey = createContextKey('offload.minor');

export function minorOf(at: Context): Minor | undefined {
  return at.getValue(minorKey) as Minor | undefined;
}

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
};

export function spanOptions({ kind = 'internal', attributes }: SpanOptions): {
  kind: SpanKind;
  attributes: Attributes;
} {
  return { kind: kinds[kind], attributes: withoutUndefined(attributes?.() ?? {}) };
}

export function remoteContext(traceparent: string | undefined): SpanContext | undefined {
  const { traceId, spanId, isSampled } = parseTraceparent(traceparent) ?? {};
  if (traceId === undefined || spanId === undefined) return undefined;
  return {
    traceId,
    spanId,
    traceFlags: isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
    isRemote: true,
  };
}

export function traceparentOf(at: SpanContext | undefined): string | undefined {
  if (!at || !trace.isSpanContextValid(at)) return undefined;
  const { traceId, spanId, traceFlags } = at;
  return formatTraceparent({ traceId, spanId, isSampled: (traceFlags & TraceFlags.SAMPLED) === 1 });
}
