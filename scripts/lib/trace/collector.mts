import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { type CollectedSpan, readSpans } from './read-spans.mts';

/** A collector of traces for one run: takes OTLP over HTTP as protobuf and keeps it in memory. */
export class Collector {
  readonly spans: CollectedSpan[] = [];
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      const take = async (): Promise<void> => {
        const body = await buffer(request);
        const isPacked = request.headers['content-encoding'] === 'gzip';
        this.spans.push(...readSpans(isPacked ? gunzipSync(body) : body));
        // An ExportTraceServiceResponse with nothing to complain of has no fields.
        response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
      };
      take().catch(() => response.writeHead(400).end());
    });
  }

  /** Listens on a free port of 127.0.0.1. */
  static async start(): Promise<Collector> {
    const collector = new Collector();
    collector.server.listen(0, '127.0.0.1');
    await once(collector.server, 'listening');
    return collector;
  }

  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  get url(): string {
    const address = this.server.address();
    if (typeof address !== 'object' || !address) throw new Error('The collector does not listen.');
    return `http://127.0.0.1:${address.port}`;
  }

  /** The spans of one trace, in the order they began. */
  trace(traceId: string): CollectedSpan[] {
    return this.spans
      .filter((span) => span.traceId === traceId)
      .toSorted((a, b) => Number(a.startedAt - b.startedAt));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
