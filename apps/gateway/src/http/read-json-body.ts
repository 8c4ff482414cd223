import { AppError } from '@offload/platform';
import type { Request } from 'express';

/** The largest JSON body, in bytes; files are uploaded instead. */
export const maxJsonBytes = 256 * 1024;

export class BodyTooLarge extends AppError {
  constructor() {
    super('body_too_large', `The body is larger than ${maxJsonBytes / 1024} KiB.`, {
      help: 'Files are sent to POST /v1/uploads.',
    });
  }
}

export class UnsupportedMediaType extends AppError {
  constructor(detail: string, help: string) {
    super('unsupported_media_type', detail, { help });
  }
}

export class MalformedJson extends AppError {
  constructor(reason: string, cause?: unknown) {
    super('malformed_json', `The body is not JSON: ${reason}`, { cause });
  }
}

/**
 * Reads a JSON body; an absent one is an empty object.
 *
 * It runs when a handler asks for the body, after the guards: a stranger's bytes are never parsed,
 * and an upload keeps its stream. Throws BodyTooLarge, UnsupportedMediaType or MalformedJson.
 */
export async function readJsonBody(request: Request): Promise<unknown> {
  const bytes = await readBytes(request);
  if (bytes.length === 0) return {};
  refuseOtherTypes(request);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    if (error instanceof SyntaxError) throw new MalformedJson(error.message, error);
    throw new MalformedJson('it is not UTF-8.', error);
  }
}

async function readBytes(request: Request): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > maxJsonBytes) throw new BodyTooLarge();
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request.iterator({ destroyOnReturn: false })) {
    const bytes = part as Buffer;
    size += bytes.length;
    if (size > maxJsonBytes) throw new BodyTooLarge();
    parts.push(bytes);
  }
  return Buffer.concat(parts);
}

function refuseOtherTypes({ headers }: Request): void {
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  const help = 'Send “Content-Type: application/json”.';
  if (!/^application\/([\w.+-]+\+)?json$/i.test(type.trim())) {
    throw new UnsupportedMediaType(
      type ? `This route takes JSON, not ${type.trim()}.` : 'The body has no Content-Type.',
      help,
    );
  }
  if (headers['content-encoding'] !== undefined && headers['content-encoding'] !== 'identity') {
    throw new UnsupportedMediaType('A compressed JSON body is not read.', 'Send it as it is.');
  }
}
