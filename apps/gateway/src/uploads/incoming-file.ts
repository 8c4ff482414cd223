import type { Readable } from 'node:stream';
import busboy from 'busboy';
import type { Request } from 'express';
import { ValidationFailed } from '../http/validate.js';
import { cleanFileName, dispositionFileName } from './file-name.js';
import { EncodedUpload, MalformedForm } from './uploads.errors.js';

/** A file on its way in. */
export interface IncomingFile {
  fileName: string;
  declaredType: string | null;
  stream: Readable;
  /** Resolves when nothing but the file has come; call it after the stream has ended. */
  complete: () => Promise<void>;
  /** Stops reading the rest of the form; the request itself lives on for its answer. */
  abandon: () => void;
  /** Bytes that have come over the connection so far. */
  received: () => number;
}

/** Opens the file in a request: the body itself, or the one file of a form. */
export async function openIncomingFile(
  request: Request,
  fileName: string | undefined,
): Promise<IncomingFile> {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') throw new EncodedUpload(encoding);
  const type = request.headers['content-type'];
  const isForm = type !== undefined && /^multipart\/form-data\b/i.test(type);
  return isForm ? openForm(request, fileName) : openBody(request, fileName);
}

function openBody(request: Request, fileName: string | undefined): IncomingFile {
  return {
    fileName: cleanFileName(
      fileName ?? dispositionFileName(request.headers['content-disposition']),
    ),
    declaredType: request.headers['content-type'] ?? null,
    stream: request,
    complete: () => Promise.resolve(),
    abandon: () => undefined,
    received: () => request.socket.bytesRead,
  };
}

async function openForm(request: Request, fileName: string | undefined): Promise<IncomingFile> {
  const form = readForm(request);
  const end = new Promise<void>((resolve, reject) => {
    form.once('close', resolve);
    form.once('error', (error) => reject(asProblem(error)));
    form.on('field', (name) => form.destroy(onlyOneFile(`/${name}`, 'unknown_field')));
  });
  // Whoever waits for the file is told first; this one is waited for only after the file.
  end.catch(() => undefined);
  const abandon = (): void => {
    request.unpipe(form);
  };

  const first = new Promise<IncomingFile>((resolve) => {
    let isFirst = true;
    form.on('file', (field, stream, info) => {
      // Whoever reads it learns of the error from the stream itself, maybe only later.
      stream.on('error', () => undefined);
      if (!isFirst) {
        form.destroy(onlyOneFile(`/${field}`, 'too_many_files'));
        return;
      }
      isFirst = false;
      resolve({
        fileName: cleanFileName(fileName ?? info.filename),
        declaredType: info.mimeType,
        stream,
        complete: () => end,
        abandon,
        received: () => request.socket.bytesRead,
      });
    });
  });
  request.pipe(form);
  const opened = await Promise.race([first, end.then(() => undefined)]);
  if (opened) return opened;
  throw onlyOneFile('/file', 'required');
}

function readForm(request: Request): busboy.Busboy {
  try {
    const form = busboy({ headers: request.headers, defParamCharset: 'utf8' });
    // A pipe does not tell its target that the source has died.
    request.once('error', (error) => form.destroy(error));
    request.once('close', () => {
      if (!request.complete) form.destroy(new Error('The connection ended.'));
    });
    form.on('error', () => request.unpipe(form));
    return form;
  } catch (error) {
    throw new MalformedForm(reasonOf(error), error);
  }
}

function onlyOneFile(pointer: string, code: string): ValidationFailed {
  return new ValidationFailed([
    { pointer, code, detail: 'A form has exactly one file and no other fields.' },
  ]);
}

function asProblem(error: unknown): Error {
  return error instanceof ValidationFailed ? error : new MalformedForm(reasonOf(error), error);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
