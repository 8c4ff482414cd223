import { randomUUID } from 'node:crypto';
import type { UploadResource } from '@offload/contracts/http';
import { CliError, exitCodes, Stopped } from '../exit-codes.js';
import type { Api } from './api.js';
import { ApiRefused } from './api.errors.js';
import { address } from './endpoints.js';
import { isPassing, patiently, retrying } from './retry.js';
import type { FileToSend } from './send-file.js';
import { streamFile } from './stream-file.js';

const tus = { 'tus-resumable': '1.0.0' };
/** Tries in a row in which not one byte more has come: about two minutes. */
const mostFruitlessTries = 20;
const longestPauseMs = 8000;

/**
 * Sends a file by tus: what has come is kept when the connection breaks, and the rest follows from there.
 *
 * It gives up when the API refuses, or when it has not got any further for two minutes; the upload then expires
 * by itself. Throws ApiRefused, Unreachable, or Stopped on Ctrl-C, after which nothing of it is kept.
 */
export async function sendInPieces(
  api: Api,
  file: FileToSend,
  onSent: (offset: number) => void,
): Promise<UploadResource> {
  const id = await begin(api, file);
  try {
    await sendAll(api, id, file, onSent);
    return await api.get<UploadResource>('getUpload', { id });
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    await terminate(api, id);
    throw new Stopped('Stopped; nothing was stored.');
  }
}

async function begin(api: Api, { name, contentType, size }: FileToSend): Promise<string> {
  const headers = {
    ...tus,
    'idempotency-key': randomUUID(),
    'upload-length': String(size),
    'upload-metadata': `filename ${base64(name)},filetype ${base64(contentType)}`,
  };
  const begun = await retrying(() => api.open('createUpload', { headers }), api.options);
  return ((await begun.json()) as UploadResource).id;
}

async function sendAll(
  api: Api,
  id: string,
  file: FileToSend,
  onSent: (offset: number) => void,
): Promise<void> {
  let offset = 0;
  let fruitless = 0;
  while (offset < file.size) {
    try {
      offset = await sendRest(api, id, { file, offset, onSent });
    } catch (error) {
      const reached = canGoOn(error) ? await askOffset(api, id, offset) : offset;
      fruitless = reached > offset ? 0 : fruitless + 1;
      if (!canGoOn(error) || fruitless > mostFruitlessTries) throw error;
      offset = reached;
      const pauseMs = Math.min(longestPauseMs, 250 * 2 ** fruitless);
      api.options.onWait(error as Error, pauseMs);
      await patiently(pauseMs, api.options.signal);
    }
  }
}

async function sendRest(
  api: Api,
  id: string,
  { file, offset, onSent }: { file: FileToSend; offset: number; onSent: (at: number) => void },
): Promise<number> {
  const { method, path } = address('appendToUpload', { id });
  const headers = {
    ...tus,
    'content-type': 'application/offset+octet-stream',
    'upload-offset': String(offset),
  };
  const piece = { method, path, headers, file: file.path, from: offset, to: file.size };
  return offsetIn(await streamFile(api, piece, onSent));
}

/**
 * The same as before when nobody answers, or the answer is a refusal, which has no words on a HEAD: the next
 * bytes find out.
 */
async function askOffset(api: Api, id: string, known: number): Promise<number> {
  try {
    return offsetIn(await api.open('tellUploadOffset', { id, headers: tus }));
  } catch (error) {
    if (canGoOn(error) || error instanceof ApiRefused) return known;
    throw error;
  }
}

function offsetIn({ headers }: Response): number {
  const offset = Number(headers.get('upload-offset') ?? Number.NaN);
  if (Number.isSafeInteger(offset)) return offset;
  throw new CliError(exitCodes.refused, 'The API did not say how much of the file has come.');
}

/** The connection, or what passes: a gateway that ends, another request at the same upload. */
function canGoOn(error: unknown): boolean {
  const codes = ['upload_locked', 'mismatching_upload_offset'];
  return isPassing(error) || (error instanceof ApiRefused && codes.includes(error.problem.code));
}

/** On the way out: nobody waits for it long, and what is not removed expires. */
async function terminate(api: Api, id: string): Promise<void> {
  const { method, path } = address('deleteUpload', { id });
  const { url, apiKey } = api.options;
  await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${apiKey}`, ...tus },
    signal: AbortSignal.timeout(2000),
  }).catch(() => undefined);
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
