import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';

/**
 * Answers with a CSV file, record by record as they come; the next is asked for when the client has taken
 * the ones before, so memory stays flat.
 *
 * What fails before the first record is an ordinary problem; what fails later breaks the answer off,
 * without the end that HTTP gives to a whole one, and is put on the response for the log.
 */
export async function sendCsv(
  response: Response,
  records: AsyncGenerator<string>,
  fileName: string,
): Promise<void> {
  const first = await records.next();
  response.status(200).set({
    'Content-Type': 'text/csv; charset=utf-8; header=present',
    'Content-Disposition': `attachment; filename="${fileName}"`,
  });
  if (response.req.method === 'HEAD') {
    await records.return(undefined);
    response.end();
    return;
  }
  try {
    await pipeline(Readable.from(continued(first, records), { objectMode: false }), response);
  } catch (error) {
    if (!isClientGone(error))
      response.err = error instanceof Error ? error : new Error(String(error));
    response.destroy();
  }
}

async function* continued(
  first: IteratorResult<string>,
  records: AsyncGenerator<string>,
): AsyncGenerator<string> {
  if (first.done) return;
  yield first.value;
  yield* records;
}

function isClientGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}
