import { randomUUID } from 'node:crypto';
import type { List } from '@offload/contracts/http';
import { Stopped } from '../exit-codes.js';
import { refusal, Unreachable } from './api.errors.js';
import { address, type Endpoint, type Query } from './endpoints.js';
import { retrying } from './retry.js';

/** An answer that has not begun by then never will. */
const patienceMs = 120_000;
/** As many as the API gives at once. */
const pageSize = 100;

export interface ApiOptions {
  url: string;
  apiKey: string;
  signal: AbortSignal;
  onWait: (error: Error, waitMs: number) => void;
}

interface RequestOptions {
  id?: string;
  query?: Query;
  body?: object;
  headers?: Record<string, string>;
}

/**
 * The API of a gateway. Requests that change something carry an Idempotency-Key, so they are sent
 * again when the answer got lost. Every method throws ApiRefused, Unreachable, or Stopped on Ctrl-C.
 */
export class Api {
  constructor(readonly options: ApiOptions) {}

  async get<T>(endpoint: Endpoint, options: RequestOptions = {}): Promise<T> {
    return (await this.send(endpoint, options)) as T;
  }

  /** Sends what changes something, by the method of the endpoint; answers undefined when the API has no words. */
  async post<T>(endpoint: Endpoint, options: RequestOptions = {}): Promise<T> {
    const headers = {
      ...options.headers,
      'idempotency-key': randomUUID(),
      ...(options.body && { 'content-type': 'application/json' }),
    };
    return (await this.send(endpoint, { ...options, headers })) as T;
  }

  /** A question with a body: it changes nothing, so it needs no key to be sent again. */
  async ask<T>(endpoint: Endpoint, options: { id?: string; body: object }): Promise<T> {
    const headers = { 'content-type': 'application/json' };
    return (await this.send(endpoint, { ...options, headers })) as T;
  }

  /** The first `limit` of a list, over as many pages as that takes. */
  async list<T>(
    endpoint: Endpoint,
    { id, query = {}, limit }: { id?: string; query?: Query; limit: number },
  ): Promise<List<T>> {
    const whole: T[] = [];
    let after = query['after'];
    for (;;) {
      const page: List<T> = await this.get(endpoint, {
        ...(id !== undefined && { id }),
        query: { ...query, after, limit: Math.min(pageSize, limit - whole.length) },
      });
      whole.push(...page.data);
      if (whole.length >= limit || page.next_cursor === null) return { ...page, data: whole };
      after = page.next_cursor;
    }
  }

  /** The answer as it arrives, for streams. One try; what breaks off later is the reader's to notice. */
  async open(endpoint: Endpoint, options: RequestOptions = {}): Promise<Response> {
    return this.once(endpoint, options, this.options.signal);
  }

  private send(endpoint: Endpoint, options: RequestOptions): Promise<unknown> {
    const { signal } = this.options;
    return retrying(async () => {
      const timeout = AbortSignal.timeout(patienceMs);
      const response = await this.once(endpoint, options, AbortSignal.any([signal, timeout]));
      const text = await response.text().catch((cause: unknown) => this.unreachable(cause));
      return parseAnswer(text, response);
    }, this.options);
  }

  private async once(
    endpoint: Endpoint,
    { body, headers, ...where }: RequestOptions,
    signal: AbortSignal,
  ): Promise<Response> {
    const { method, path } = address(endpoint, where);
    const { url, apiKey } = this.options;
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, accept: 'application/json, */*', ...headers },
      ...(body && { body: JSON.stringify(body) }),
      // A redirect would carry the key elsewhere, and turn a POST into a GET.
      redirect: 'manual',
      signal,
    }).catch((cause: unknown) => this.unreachable(cause));
    if (response.ok) return response;
    throw await refusal(response, path);
  }

  private unreachable(cause: unknown): never {
    if (this.options.signal.aborted) throw new Stopped();
    throw new Unreachable(this.options.url, cause);
  }
}

/** Throws ApiRefused for what is no answer of ours, such as the page of a proxy. */
async function parseAnswer(text: string, { url, status }: Response): Promise<unknown> {
  if (status === 204) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw await refusal(new Response(text, { status }), url);
  }
}
