import { randomUUID } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { createParser } from 'eventsource-parser';

export interface ImportProgress {
  bytes_done: number;
  bytes_total: number;
  rows_loaded: number;
  rows_rejected: number;
  percent: number;
  rate_rows_s: number | null;
}

export interface ImportResource {
  id: string;
  state: string;
  dataset: { name: string };
  progress: ImportProgress;
  summary: string | null;
  rejections: { code: string; column: string | null; rows: number; message: string }[];
  problem: { code: string; detail: string } | null;
}

interface ApiRequest {
  body?: string | Blob;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** The part of the public API that the demonstration uses, as any client would. */
export class ApiClient {
  private readonly url: string;
  private readonly apiKey: string;

  constructor(url: string, apiKey: string) {
    this.url = url;
    this.apiKey = apiKey;
  }

  async upload(file: string): Promise<{ id: string; size: number }> {
    return await this.json('POST', `/v1/uploads?file_name=${basename(file)}`, {
      body: await openAsBlob(file, {
        type: file.endsWith('.csv') ? 'text/csv' : 'application/octet-stream',
      }),
    });
  }

  async startImport(request: object): Promise<ImportResource> {
    return await this.json('POST', '/v1/imports', {
      body: JSON.stringify(request),
      headers: { 'content-type': 'application/json' },
    });
  }

  async getImport(id: string): Promise<ImportResource> {
    return await this.json('GET', `/v1/imports/${id}`);
  }

  async listRows(dataset: string, limit: number): Promise<Record<string, unknown>[]> {
    const path = `/v1/datasets/${dataset}/rows?limit=${limit}`;
    return (await this.json<{ data: Record<string, unknown>[] }>('GET', path)).data;
  }

  /**
   * Follows an import by server-sent events until it has ended, over as many connections as that
   * takes: one that breaks off is resumed after the last event that was seen.
   */
  async followImport(
    id: string,
    onProgress: (progress: ImportProgress) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const seen: { id?: string; end: boolean } = { end: false };
    const parser = createParser({
      onEvent: (event) => {
        if (event.id !== undefined) seen.id = event.id;
        seen.end = event.event === 'end';
        const { data } = JSON.parse(event.data) as { data?: { progress?: ImportProgress } };
        if (data?.progress) onProgress(data.progress);
      },
    });
    while (!seen.end) {
      const response = await this.request('GET', `/v1/events?topics=import:${id}`, {
        headers: seen.id === undefined ? {} : { 'last-event-id': seen.id },
        signal,
      });
      // HTML Standard, 9.2: with 204 the server tells a client to stop reconnecting.
      if (response.status === 204 || !response.body) return;
      parser.reset();
      const decoder = new TextDecoder();
      for await (const bytes of response.body) parser.feed(decoder.decode(bytes, { stream: true }));
    }
  }

  private async json<T>(method: string, path: string, init: ApiRequest = {}): Promise<T> {
    return (await (await this.request(method, path, init)).json()) as T;
  }

  private async request(method: string, path: string, init: ApiRequest = {}): Promise<Response> {
    const response = await fetch(this.url + path, {
      ...init,
      method,
      headers: {
        authorization: `Bearer ${this.apiKey}`,
        ...(method === 'POST' && { 'idempotency-key': randomUUID() }),
        ...init.headers,
      },
    });
    if (response.ok) return response;
    throw new Error(`${method} ${path} was answered ${response.status}: ${await response.text()}`);
  }
}
