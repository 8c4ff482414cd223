/** What is known of a span, by the names of OpenTelemetry's semantic conventions. Undefined values are left out. */
export type SpanAttributes = Record<string, string | number | boolean | undefined>;

export interface SpanOptions {
  /** (Default: internal) */
  kind?: 'server' | 'client' | 'producer' | 'consumer' | 'internal';
  /** Asked for only when the span is recorded. */
  attributes?: () => SpanAttributes;
}

export interface RootOptions extends SpanOptions {
  /** The traceparent of what caused it; without one it begins a trace. */
  parent?: string | undefined;
  /** The traceparents of what it has to do with, but is not part of. */
  links?: readonly (string | undefined)[];
  /**
   * It is one of a great many: it is recorded only when it fails or sends something that is not, and
   * nothing inside it is recorded. (Default: false)
   */
  isMinor?: boolean;
}

/** One step of a trace, while it is under way. */
export interface Span {
  /** What is sent to others so that they go on with the trace; undefined when there is none. */
  readonly traceparent: string | undefined;
  /** What `work` does, also after it has returned a promise, is inside this step. */
  run<T>(work: () => T): T;
  set(attributes: SpanAttributes): void;
  rename(name: string): void;
  /** It has failed, with the code of the error. */
  fail(error: unknown): void;
  /** Safe to call twice. */
  end(): void;
}

/** Where the work at hand belongs. */
export interface TracePlace {
  traceId: string;
  /** Undefined where the span may never be recorded. */
  spanId: string | undefined;
}

/**
 * How steps become a trace. There are two: one that records and exports, and one that only passes on what
 * it was given.
 */
export interface Tracer {
  /** Whether anything is recorded; without, nobody need prepare what would be. */
  readonly isRecording: boolean;
  /** A step that others asked for: a request, a message. */
  open(name: string, options: RootOptions): Span;
  /** A step of the work at hand; none where the work belongs to no trace. */
  openInside(name: string, options: SpanOptions): Span;
  place(): TracePlace | undefined;
  /** The traceparent for a message that is sent now. */
  traceparent(message: { isMinor: boolean }): string | undefined;
  /** Nothing in `work` is recorded. */
  untraced<T>(work: () => T): T;
  /** Exports what is left, for a few seconds at most. Never rejects. */
  stop(): Promise<void>;
}
