import type {
  CreateEmailRequest,
  CreateImportRequest,
  DatasetRow,
  EmailResource,
  ImportResource,
  List,
  UploadResource,
} from '@offload/contracts/http';
import type { z } from 'zod';

export interface Answer<T> {
  status: number;
  headers: Headers;
  body: T;
}

type Headers_ = Record<string, string>;

/** An answer that was not expected. */
export class UnexpectedAnswer extends Error {
  constructor(
    what: string,
    readonly status: number,
    body: unknown,
  ) {
    super(`${what} was answered ${status}: ${JSON.stringify(body)}`);
  }
}

/** The public API as any client would use it. The gateway's address may change while a test runs. */
export class ApiClient {
  constructor(
    private readonly url: () => string,
    private readonly apiKey: string,
  ) {}

  /** Any request; whatever the answer is. */
  async call<T>(
    method: string,
    path: string,
    {
      body,
      headers,
    }: { body?: string | Uint8Array<ArrayBuffer> | FormData; headers?: Headers_ } = {},
  ): Promise<Answer<T>> {
    const response = await fetch(this.url() + path, {
      method,
      headers: { authorization: `Bearer ${this.apiKey}`, ...headers },
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    const parsed: unknown = text === '' ? undefined : JSON.parse(text);
    return { status: response.status, headers: response.headers, body: parsed as T };
  }

  post<T>(path: string, body: object = {}, headers: Headers_ = {}): Promise<Answer<T>> {
    return this.call('POST', path, {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });
  }

  /** Throws UnexpectedAnswer unless it is found. */
  async get<T>(path: string): Promise<T> {
    return (await expected(200, `GET ${path}`, this.call<T>('GET', path))).body;
  }

  /** Throws UnexpectedAnswer unless it is accepted. */
  upload(csv: string, fileName = 'rows.csv'): Promise<UploadResource> {
    return this.uploadBytes(new TextEncoder().encode(csv), fileName, 'text/csv');
  }

  /** Throws UnexpectedAnswer unless it is accepted. */
  async uploadBytes(
    body: Uint8Array<ArrayBuffer>,
    fileName: string,
    contentType: string,
  ): Promise<UploadResource> {
    const path = `/v1/uploads?file_name=${fileName}`;
    const headers = { 'content-type': contentType };
    return (await expected(201, path, this.call<UploadResource>('POST', path, { body, headers })))
      .body;
  }

  /** Throws UnexpectedAnswer unless it is accepted. */
  async startImport(
    request: z.input<typeof CreateImportRequest>,
    headers: Headers_ = {},
  ): Promise<ImportResource> {
    const posted = this.post<ImportResource>('/v1/imports', request, headers);
    return (await expected(202, 'POST /v1/imports', posted)).body;
  }

  /** Throws UnexpectedAnswer unless it is accepted. */
  async sendEmail(
    request: z.input<typeof CreateEmailRequest>,
    headers: Headers_ = {},
  ): Promise<EmailResource> {
    const posted = this.post<EmailResource>('/v1/emails', request, headers);
    return (await expected(202, 'POST /v1/emails', posted)).body;
  }

  getImport(id: string): Promise<ImportResource> {
    return this.get(`/v1/imports/${id}`);
  }

  getEmail(id: string): Promise<EmailResource> {
    return this.get(`/v1/emails/${id}`);
  }

  /** Every row of a dataset, a page at a time. */
  async allRows(dataset: string): Promise<DatasetRow[]> {
    const rows: DatasetRow[] = [];
    let after: string | null = '';
    while (after !== null) {
      const path = `/v1/datasets/${dataset}/rows?limit=1000${after && `&after=${after}`}`;
      const page: List<DatasetRow> = await this.get(path);
      rows.push(...page.data);
      after = page.next_cursor;
    }
    return rows;
  }
}

async function expected<T>(
  status: number,
  what: string,
  answering: Promise<Answer<T>>,
): Promise<Answer<T>> {
  const answer = await answering;
  if (answer.status === status) return answer;
  throw new UnexpectedAnswer(what, answer.status, answer.body);
}
