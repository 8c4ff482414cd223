import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A request as it arrived. */
export interface Asked {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: unknown;
}

/** What comes back; `cut` breaks the connection off after the body. */
export interface Scripted {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
  cut?: boolean;
}

/** An HTTP server at the edge of the program that answers from a script, in order. */
export class ScriptedApi {
  readonly asked: Asked[] = [];
  private readonly script: Scripted[] = [];
  private readonly server: Server = createServer((request, response) => {
    void text(request).then((body) => {
      const { method = '', url: path = '', headers } = request;
      this.asked.push({ method, path, headers, body: jsonOr(body) });
      const { status = 200, headers: more, body: answer, cut } = this.script.shift() ?? nothingLeft;
      response.writeHead(status, { 'content-type': 'application/json', ...more });
      const sent = typeof answer === 'string' ? answer : JSON.stringify(answer ?? {});
      if (!cut) return response.end(status === 204 ? undefined : sent);
      return response.write(sent, () => response.destroy());
    });
  });

  async start(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Answers the next requests, in order. */
  answer(...script: Scripted[]): void {
    this.script.push(...script);
  }
}

const nothingLeft: Scripted = {
  status: 500,
  body: { code: 'unscripted', detail: 'The script of the test is over.', status: 500 },
};

function jsonOr(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
