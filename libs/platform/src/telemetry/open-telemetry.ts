import {
  type Attributes,
  context,
  diag,
  DiagLogLevel,
  ROOT_CONTEXT,
  trace,
  type Tracer as OtelTracer,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { setGlobalErrorHandler, suppressTracing } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  type BatchSpanProcessorOptions,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { describeError } from '../errors/describe-error.js';
import { version } from '../version/version.js';
import { type FailureLog, SparingLog } from './failure-log.js';
import { parsePairs } from './parse-pairs.js';
import { noSpan } from './pass-on.js';
import {
  minorOf,
  RecordedSpan,
  remoteContext,
  spanOptions,
  traceparentOf,
} from './recorded-span.js';
import { chooseSampler } from './sampler.js';
import { traceDatabase, WithoutDatabaseTexts } from './trace-database.js';
import type { RootOptions, Span, SpanOptions, TracePlace, Tracer } from './tracer.js';
import type { TracingConfig } from './tracing-config.js';
import { withoutUndefined } from './without-undefined.js';

export interface OpenTelemetryOptions {
  service: string;
  endpoint: string;
  config: TracingConfig & { INSTANCE_ID: string };
  log: FailureLog;
}

/** Longest that a stop waits for the last export, in milliseconds. */
const stopWithinMs = 3_000;

/**
 * Tracing while it is on: spans are kept in memory, a bounded number of them, and exported in the background.
 * A collector that is slow, away or wrong costs spans and a line of the log now and then, nothing else.
 */
export class OpenTelemetry implements Tracer {
  readonly isRecording = true;
  private readonly provider: TracerProvider;
  private readonly tracer: OtelTracer;
  private readonly tellLoss: (error: unknown) => void;

  constructor({ service, endpoint, config, log }: OpenTelemetryOptions) {
    const failures = new SparingLog(log);
    this.tellLoss = (error) =>
      failures.tell(`Spans could not be exported: ${describeError(error).message}`);
    setGlobalErrorHandler(this.tellLoss);
    tellComplaints((message) => failures.tell(message));
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    this.provider = new TracerProvider({
      resource: resourceFromAttributes(resourceOf(service, config)),
      sampler: chooseSampler(config),
      spanLimits: { attributeValueLengthLimit: 4096 },
      spanProcessors: [
        new WithoutDatabaseTexts(),
        new BatchSpanProcessor(
          withoutUndefined({
            exporter: new OTLPTraceExporter(exporterSettings(endpoint, config)),
            scheduledDelayMillis: config.OTEL_BSP_SCHEDULE_DELAY,
            maxQueueSize: config.OTEL_BSP_MAX_QUEUE_SIZE,
          }) as BatchSpanProcessorOptions,
        ),
      ],
    });
    trace.setGlobalTracerProvider(this.provider);
    this.tracer = this.provider.getTracer('offload', version);
    traceDatabase(this.provider);
  }

  open(name: string, { parent, links = [], isMinor = false, ...options }: RootOptions): Span {
    const cause = remoteContext(parent);
    const around = cause ? trace.setSpanContext(ROOT_CONTEXT, cause) : ROOT_CONTEXT;
    const span = this.tracer.startSpan(
      name,
      {
        ...spanOptions(options),
        links: links.flatMap((link) => {
          const linked = remoteContext(link);
          return linked ? [{ context: linked }] : [];
        }),
      },
      around,
    );
    return new RecordedSpan(span, around, isMinor && cause ? parent : undefined);
  }

  openInside(name: string, options: SpanOptions): Span {
    const around = context.active();
    if (!trace.getSpan(around)?.isRecording()) return noSpan;
    return new RecordedSpan(this.tracer.startSpan(name, spanOptions(options), around), around);
  }

  place(): TracePlace | undefined {
    const minor = minorOf(context.active());
    if (minor) return { traceId: minor.own.traceId, spanId: undefined };
    const at = trace.getSpanContext(context.active());
    if (!at || !trace.isSpanContextValid(at)) return undefined;
    return { traceId: at.traceId, spanId: at.spanId };
  }

  traceparent({ isMinor }: { isMinor: boolean }): string | undefined {
    const minor = minorOf(context.active());
    if (!minor) return traceparentOf(trace.getSpanContext(context.active()));
    if (isMinor) return minor.parent;
    minor.keep();
    return traceparentOf(minor.own);
  }

  untraced<T>(work: () => T): T {
    return context.with(suppressTracing(ROOT_CONTEXT), work);
  }

  async stop(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, stopWithinMs);
    });
    await Promise.race([this.provider.shutdown().catch(this.tellLoss), deadline]);
    clearTimeout(timer);
  }
}

function resourceOf(service: string, config: OpenTelemetryOptions['config']): Attributes {
  const given = parsePairs(config.OTEL_RESOURCE_ATTRIBUTES ?? '');
  return {
    'service.name': `offload-${service}`,
    'service.version': version,
    'service.instance.id': config.INSTANCE_ID,
    ...given,
    ...(config.OTEL_SERVICE_NAME ? { 'service.name': config.OTEL_SERVICE_NAME } : {}),
  };
}

type ExporterSettings = NonNullable<ConstructorParameters<typeof OTLPTraceExporter>[0]>;

function exporterSettings(endpoint: string, config: TracingConfig): ExporterSettings {
  return withoutUndefined({
    url: endpoint,
    headers: parsePairs(config.OTEL_EXPORTER_OTLP_HEADERS ?? ''),
    timeoutMillis: config.OTEL_EXPORTER_OTLP_TIMEOUT,
    compression: config.OTEL_EXPORTER_OTLP_COMPRESSION,
  }) as ExporterSettings;
}

/** Everything that OpenTelemetry has to complain of is about spans that are lost; nobody else is told. */
function tellComplaints(tell: (message: string) => void): void {
  diag.setLogger(
    { error: tell, warn: tell, info: silent, debug: silent, verbose: silent },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
}

const silent = (): void => undefined;
