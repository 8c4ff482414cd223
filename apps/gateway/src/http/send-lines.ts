import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import type { Response } from 'express';

/**
 * Answers with one JSON value on each line (application/x-ndjson), as they come.
 *
 * The next value is asked for when the client has taken the ones before, so memory stays flat. What fails
 * before the first line is an ordinary problem; what fails later breaks the answer off, without the end that
 * HTTP gives to a whole one, and is put on the response for the log.
 */
export async function sendLines(
  response: Response,
  values: AsyncIterable<unknown>,
  fileName: string,
): Promise<void> {
  const iterator = values[Symbol.asyncIterator]();
  const first = await iterator.next();
  response.status(200).set({
    'Content-Type': 'application/x-ndjson; charset=utf-8',
    'Content-Disposition': `attachment; filename="${fileName}"`,
    'Cache-Control': 'no-store',
  });
  if (response.req.method === 'HEAD') {
    await iterator.return?.();
    response.end();
    return;
  }
  try {
    await pipeline(Readable.from(lines(first, iterator), { objectMode: false }), response);
  } catch (error) {
    if (!isClientGone(error))
      response.err = error instanceof Error ? error : new Error(String(error));
    response.destroy();
  }
}

async function* lines(
  first: IteratorResult<unknown>,
  iterator: AsyncIterator<unknown>,
): AsyncGenerator<string> {
  try {
    for (let next = first; !next.done; next = await iterator.next()) {
      yield `${JSON.stringify(next.value)}\n`;
    }
  } finally {
    await iterator.return?.();
  }
}

function isClientGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}
