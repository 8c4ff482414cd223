import { type Field, readFields } from './read-protobuf.mts';

/** A span as a collector is told of it. */
export interface CollectedSpan {
  service: string;
  traceId: string;
  spanId: string;
  /** Undefined for the first of a trace. */
  parentId: string | undefined;
  name: string;
  kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  /** Nanoseconds since 1970. */
  startedAt: bigint;
  endedAt: bigint;
  attributes: Record<string, Value>;
  /** The codes of what failed. */
  exceptions: string[];
  /** The trace ids that it is linked with. */
  links: string[];
  hasFailed: boolean;
}

type Value = string | number | boolean;

/**
 * Reads what an exporter sends: an ExportTraceServiceRequest of the OpenTelemetry protocol, of which
 * opentelemetry/proto/trace/v1/trace.proto gives the numbers of the fields.
 */
export function readSpans(request: Buffer): CollectedSpan[] {
  return messages(request, 1).flatMap((resourceSpans) => {
    const [resource = Buffer.alloc(0)] = messages(resourceSpans, 1);
    const service = String(attributesOf(resource, 1)['service.name'] ?? 'unknown');
    return messages(resourceSpans, 2)
      .flatMap((scopeSpans) => messages(scopeSpans, 2))
      .map((span) => readSpan(span, service));
  });
}

const kinds = ['internal', 'internal', 'server', 'client', 'producer', 'consumer'] as const;

function readSpan(span: Buffer, service: string): CollectedSpan {
  const fields = new Map([...readFields(span)].map(({ number, value }) => [number, value]));
  const bytes = (number: number): Buffer => {
    const value = fields.get(number);
    return Buffer.isBuffer(value) ? value : Buffer.alloc(0);
  };
  const integer = (number: number): bigint => {
    const value = fields.get(number);
    return typeof value === 'bigint' ? value : 0n;
  };
  return {
    service,
    traceId: bytes(1).toString('hex'),
    spanId: bytes(2).toString('hex'),
    parentId: bytes(4).toString('hex') || undefined,
    name: bytes(5).toString(),
    kind: kinds[Number(integer(6))] ?? 'internal',
    startedAt: integer(7),
    endedAt: integer(8),
    attributes: attributesOf(span, 9),
    exceptions: messages(span, 11).map((event) =>
      String(
        attributesOf(event, 3)['exception.type'] ?? attributesOf(event, 3)['exception.message'],
      ),
    ),
    links: messages(span, 13)
      .flatMap((link) => messages(link, 1))
      .map((id) => id.toString('hex')),
    hasFailed: [...readFields(bytes(15))].some(({ number, value }) => number === 3 && value === 2n),
  };
}

function attributesOf(message: Buffer, number: number): Record<string, Value> {
  return Object.fromEntries(
    messages(message, number).map((pair) => {
      const [key = Buffer.alloc(0)] = messages(pair, 1);
      const [value = Buffer.alloc(0)] = messages(pair, 2);
      return [key.toString(), readValue([...readFields(value)][0])];
    }),
  );
}

/** Of the kinds of values there are, those that our spans have. */
function readValue(field: Field | undefined): Value {
  if (!field) return '';
  const { number, value } = field;
  if (number === 2) return value === 1n;
  if (number === 3) return Number(value);
  if (number === 4 && typeof value === 'bigint') return doubleOf(value);
  return value.toString();
}

function doubleOf(bits: bigint): number {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(bits);
  return bytes.readDoubleLE();
}

function messages(message: Buffer, wanted: number): Buffer[] {
  return [...readFields(message)].flatMap(({ number, value }) =>
    number === wanted && Buffer.isBuffer(value) ? [value] : [],
  );
}
