import { randomUUID } from 'node:crypto';
import type { UploadResource } from '@offload/contracts/http';
import type { Api } from './api.js';
import { address } from './endpoints.js';
import { retrying } from './retry.js';
import { sendInPieces } from './send-in-pieces.js';
import { streamFile } from './stream-file.js';

export interface FileToSend {
  path: string;
  name: string;
  contentType: string;
  size: number;
}

/** What is larger is worth going on with when the connection breaks. */
const wholeUpToBytes = 8 * 1024 ** 2;

/**
 * Sends a file from the disk with a known length; memory does not grow with it.
 *
 * A large one goes on where it was when the connection breaks; a smaller one is sent again from the
 * beginning, under the same key: it is stored once. Throws ApiRefused, Unreachable, or Stopped on Ctrl-C.
 */
export async function sendFile(
  api: Api,
  file: FileToSend,
  onSent: (bytes: number) => void,
): Promise<UploadResource> {
  if (file.size > wholeUpToBytes) return sendInPieces(api, file, onSent);
  const key = randomUUID();
  return retrying(() => sendWhole(api, file, { key, onSent }), api.options);
}

async function sendWhole(
  api: Api,
  { path: file, name, contentType, size }: FileToSend,
  { key, onSent }: { key: string; onSent: (bytes: number) => void },
): Promise<UploadResource> {
  const { method, path } = address('createUpload', { query: { file_name: name } });
  const headers = { 'content-type': contentType, 'idempotency-key': key };
  const response = await streamFile(
    api,
    { method, path, headers, file, from: 0, to: size },
    onSent,
  );
  return (await response.json()) as UploadResource;
}
