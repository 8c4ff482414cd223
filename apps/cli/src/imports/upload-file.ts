import { stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { UploadResource } from '@offload/contracts/http';
import { sendFile } from '../api/send-file.js';
import { UsageError } from '../exit-codes.js';
import type { Session } from '../session.js';
import { bytes } from '../terminal/numbers.js';
import { ProgressLine } from '../terminal/progress-line.js';
import { span } from '../terminal/times.js';

export interface UploadOptions {
  fileName?: string;
  contentType?: string;
}

const contentTypes: Record<string, string> = {
  '.csv': 'text/csv',
  '.tsv': 'text/tab-separated-values',
  '.json': 'application/json',
  '.ndjson': 'application/x-ndjson',
  '.jsonl': 'application/x-ndjson',
  '.xlsx': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  '.gz': 'application/gzip',
  '.zip': 'application/zip',
};

/** Sends a file with a line that says how far it is. Throws UsageError for what is not a file. */
export async function uploadFile(
  { api, terminal, now }: Session,
  path: string,
  { fileName = basename(path), contentType = typeOf(path) }: UploadOptions,
): Promise<UploadResource> {
  const size = await sizeOf(path);
  const progress = new ProgressLine(terminal);
  const beganAt = now().getTime();
  const show = (sent: number): void => {
    const seconds = Math.max(0.001, (now().getTime() - beganAt) / 1000);
    const percent = Math.floor((sent / size) * 100);
    const rate = `${bytes(sent / seconds)}/s`;
    progress.show(`${fileName}: ${percent} % of ${bytes(size)}, ${rate}`);
  };
  try {
    const stored = await sendFile(api, { path, name: fileName, contentType, size }, show);
    progress.end();
    const seconds = (now().getTime() - beganAt) / 1000;
    terminal.note(`Uploaded ${bytes(size)} in ${span(Math.max(1, seconds))}: ${stored.id}`);
    return stored;
  } finally {
    progress.end();
  }
}

/** `offload upload` */
export async function upload(
  session: Session,
  path: string,
  options: UploadOptions,
): Promise<void> {
  const stored = await uploadFile(session, path, options);
  session.show(stored, () => stored.id);
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch((error: Error) => {
    throw new UsageError(`Cannot read ${path}: ${error.message}.`);
  });
  if (!found.isFile()) throw new UsageError(`${path} is not a file; its size must be known.`);
  if (found.size === 0) throw new UsageError(`${path} is empty.`);
  return found.size;
}

function typeOf(path: string): string {
  return contentTypes[extname(path).toLowerCase()] ?? 'application/octet-stream';
}
