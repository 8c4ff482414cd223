import { createReadStream, type ReadStream } from 'node:fs';
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import { pipeline } from 'node:stream/promises';
import type { UploadResource } from '@offload/contracts/http';
import { CliError, Stopped } from '../exit-codes.js';
import type { Api } from './api.js';
import { refusal, Unreachable } from './api.errors.js';
import { address } from './endpoints.js';
import { retrying } from './retry.js';

export interface FileToSend {
  path: string;
  name: string;
  contentType: string;
  size: number;
}

/**
 * Sends a file from the disk with a known length; memory does not grow with it. (fetch reads a body
 * ahead of the network: 1.5 GB took 1.6 GB of memory, and 130 MB this way.)
 *
 * A file that was cut off on its way is sent again from the beginning, under the same key: it is
 * stored once. Throws ApiRefused, Unreachable, or Stopped on Ctrl-C.
 */
export async function sendFile(
  api: Api,
  file: FileToSend,
  onSent: (bytes: number) => void,
): Promise<UploadResource> {
  const key = randomUUID();
  return retrying(() => sendOnce(api, { ...file, key }, onSent), api.options);
}

async function sendOnce(
  { options: { url, apiKey, signal } }: Api,
  { path: file, name, contentType, size, key }: FileToSend & { key: string },
  onSent: (bytes: number) => void,
): Promise<UploadResource> {
  const { method, path } = address('createUpload', { query: { file_name: name } });
  const request = (url.startsWith('https:') ? https : http).request(url + path, {
    method,
    headers: {
      authorization: `Bearer ${apiKey}`,
      'content-type': contentType,
      'content-length': size,
      'idempotency-key': key,
    },
    signal,
  });
  const answered = new Promise<Response>((resolve, reject) => {
    request.on('response', (incoming) => void whole(incoming).then(resolve, reject));
    request.on('error', reject);
  });
  const source = createReadStream(file, { end: size - 1, highWaterMark: 256 * 1024 });
  const sent = pipeline(source, counting(source, onSent), request);
  try {
    // A refusal comes before the end of the file, and breaks its way off; the answer is what counts.
    const response = await Promise.race([
      answered,
      sent.then(
        () => answered,
        () => answered,
      ),
    ]);
    if (!response.ok) throw await refusal(response, path);
    return (await response.json()) as UploadResource;
  } catch (cause) {
    if (signal.aborted) throw new Stopped('Stopped; nothing was stored.');
    if (cause instanceof CliError) throw cause;
    throw new Unreachable(url, cause);
  } finally {
    request.destroy();
    await sent.catch(() => undefined);
  }
}

function counting(source: ReadStream, onSent: (bytes: number) => void) {
  return async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      yield chunk;
      onSent(source.bytesRead);
    }
  };
}

/** As fetch would answer it. */
async function whole(incoming: http.IncomingMessage): Promise<Response> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const headers = Object.entries(incoming.headersDistinct).map(
    ([name, values = []]): [string, string] => [name, values.join(', ')],
  );
  return new Response(Buffer.concat(chunks), {
    status: incoming.statusCode ?? 0,
    statusText: incoming.statusMessage ?? '',
    headers,
  });
}
