import { type Attributes, type Context, type Link, type SpanKind, trace } from '@opentelemetry/api';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
  type SamplingResult,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import type { TracingConfig } from './tracing-config.js';

/** The sampler that the standard variables name, and no span of what goes on after the step that caused it. */
export function chooseSampler({
  OTEL_TRACES_SAMPLER: name = 'parentbased_always_on',
  OTEL_TRACES_SAMPLER_ARG: ratio = 1,
}: Pick<TracingConfig, 'OTEL_TRACES_SAMPLER' | 'OTEL_TRACES_SAMPLER_ARG'>): Sampler {
  const roots = {
    always_on: () => new AlwaysOnSampler(),
    always_off: () => new AlwaysOffSampler(),
    traceidratio: () => new TraceIdRatioBasedSampler(ratio),
  };
  const isByParent = name.startsWith('parentbased_');
  const root = roots[name.replace('parentbased_', '') as keyof typeof roots]();
  return new WithinParent(isByParent ? new ParentBasedSampler({ root }) : root);
}

/**
 * Records nothing under a step of this process that has ended. A timer that was set, or a stream that was
 * opened, while a request was served would otherwise go on adding to its trace for hours.
 */
class WithinParent implements Sampler {
  constructor(private readonly inner: Sampler) {}

  shouldSample(
    context: Context,
    traceId: string,
    spanName: string,
    spanKind: SpanKind,
    attributes: Attributes,
    links: Link[],
  ): SamplingResult {
    const parent = trace.getSpan(context);
    if (parent && parent.spanContext().isRemote !== true && !parent.isRecording()) {
      return { decision: SamplingDecision.NOT_RECORD };
    }
    return this.inner.shouldSample(context, traceId, spanName, spanKind, attributes, links);
  }

  toString(): string {
    return `WithinParent(${this.inner.toString()})`;
  }
}
