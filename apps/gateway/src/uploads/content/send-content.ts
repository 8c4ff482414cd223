import { pipeline } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import { FileStore } from '@offload/storage';
import type { Request, Response } from 'express';
import { DataSource } from 'typeorm';
import { findUpload, isReady, type ReadyUpload } from '../get-upload.js';
import { RangeNotSatisfiable, UploadExpired, UploadNotReady } from '../uploads.errors.js';
import { attachment } from './attachment.js';
import { type ByteRange, parseRange } from './parse-range.js';

/**
 * Sends the file of an upload to its owner, whole or one range of it.
 *
 * Nothing that somebody has uploaded is shown in place: it is saved, its type is what its bytes say, and no
 * browser guesses another.
 */
@Injectable()
export class SendContent {
  constructor(
    private readonly dataSource: DataSource,
    private readonly files: FileStore,
  ) {}

  async execute(tenantId: string, id: string, request: Request, response: Response): Promise<void> {
    const upload = await findUpload(this.dataSource.manager, tenantId, id);
    if (upload.state === 'expired') throw new UploadExpired();
    if (!isReady(upload)) throw new UploadNotReady(upload);
    const etag = `"${upload.sha256}"`;
    if (isKnown(request.header('if-none-match'), etag)) {
      response.status(304).set({ ETag: etag }).end();
      return;
    }
    const range = rangeOf(request, etag, upload.size);
    if (range === 'none') {
      // RFC 9110, 15.5.17: a 416 "SHOULD generate a Content-Range header field with an unsatisfied range".
      response.set({ 'Content-Range': `bytes */${upload.size}` });
      throw new RangeNotSatisfiable(upload.size);
    }
    await this.send(upload, range, response);
  }

  private async send(
    { storageKey, size, sha256, fileName, detectedType }: ReadyUpload,
    range: ByteRange | 'all',
    response: Response,
  ): Promise<void> {
    const { from, to } = range === 'all' ? { from: 0, to: size } : range;
    const isHead = response.req.method === 'HEAD';
    const file = isHead ? undefined : await this.files.read(storageKey, { from, to });
    response.status(range === 'all' ? 200 : 206).set({
      ETag: `"${sha256}"`,
      'Accept-Ranges': 'bytes',
      'Content-Disposition': attachment(fileName),
      'Content-Security-Policy': "default-src 'none'; sandbox",
      'Content-Type': detectedType ?? 'application/octet-stream',
      'Content-Length': String(to - from),
      ...(range === 'all' ? {} : { 'Content-Range': `bytes ${from}-${to - 1}/${size}` }),
    });
    if (!file) {
      response.end();
      return;
    }
    try {
      await pipeline(file, response);
    } catch (error) {
      if (!isClientGone(error)) response.err = asError(error);
      response.destroy();
    }
  }
}

/** RFC 9110, 13.1.5: a range counts only if its `If-Range` is the same by the strong comparison. */
function rangeOf(request: Request, etag: string, size: number): ByteRange | 'all' | 'none' {
  const condition = request.header('if-range');
  if (condition !== undefined && condition !== etag) return 'all';
  return parseRange(request.header('range'), size);
}

/** RFC 9110, 13.1.2: by the weak comparison, in which `W/` does not count. */
function isKnown(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''))
    .some((tag) => tag === etag || tag === '*');
}

function isClientGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
