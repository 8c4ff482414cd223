import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Stack } from '../stack.mts';

const patienceMs = 120_000;

/** An answer that says not to ask again, and that nobody expected. */
export class Refused extends Error {
  readonly status: number;

  constructor(what: string, status: number, text: string) {
    super(`${what} was answered ${status}: ${text.slice(0, 300)}`);
    this.status = status;
  }
}

export interface SoakRequest {
  json?: object;
  body?: Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
}

/** A careful client: it asks again, with the same Idempotency-Key, until there is an answer. */
export class SoakClient {
  readonly url: string;
  readonly apiKey: string;
  requests = 0;
  repeated = 0;

  constructor({ url, apiKey }: Pick<Stack, 'url' | 'apiKey'>) {
    this.url = url;
    this.apiKey = apiKey;
  }

  /** Throws Refused. */
  async ask<T>(method: string, path: string, request: SoakRequest = {}): Promise<T> {
    const headers = this.headersOf(method, request);
    const givenUpAt = Date.now() + patienceMs;
    this.requests += 1;
    for (;;) {
      try {
        return (await this.once(method, path, { ...request, headers })) as T;
      } catch (error) {
        const isFinal = error instanceof Refused && !isPassing(error.status);
        if (isFinal || Date.now() > givenUpAt) throw error;
        this.repeated += 1;
        await pause(200);
      }
    }
  }

  /** Asks once, whatever comes of it. */
  raw(method: string, path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { authorization: `Bearer ${this.apiKey}`, ...(init.headers as object) };
    return fetch(this.url + path, { ...init, method, headers });
  }

  /** Looks twice a second. Throws when it takes too long. */
  async until<T>(path: string, isThere: (found: T) => boolean): Promise<T> {
    const givenUpAt = Date.now() + patienceMs;
    for (;;) {
      const found = await this.ask<T>('GET', path);
      if (isThere(found)) return found;
      if (Date.now() > givenUpAt)
        throw new Error(`${path} does not come to its end: ${JSON.stringify(found).slice(0, 300)}`);
      await pause(500);
    }
  }

  private async once(
    method: string,
    path: string,
    { json, body, headers = {} }: SoakRequest,
  ): Promise<unknown> {
    const content = json === undefined ? body : JSON.stringify(json);
    const response = await this.raw(method, path, {
      headers,
      ...(content === undefined ? {} : { body: content }),
      signal: AbortSignal.timeout(60_000),
    });
    const text = await response.text();
    if (!response.ok) throw new Refused(`${method} ${path}`, response.status, text);
    return text === '' ? undefined : JSON.parse(text);
  }

  private headersOf(method: string, { json, headers }: SoakRequest): Record<string, string> {
    return {
      ...(json && { 'content-type': 'application/json' }),
      ...(method === 'POST' && { 'idempotency-key': randomUUID() }),
      ...headers,
    };
  }
}

/** Something is away, or another request of ours is still at it. */
function isPassing(status: number): boolean {
  return status >= 500 || status === 409 || status === 423 || status === 429;
}
