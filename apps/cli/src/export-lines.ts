import { once } from 'node:events';
import { createWriteStream, renameSync } from 'node:fs';
import { finished } from 'node:stream/promises';
import { BrokenOff } from './api/api.errors.js';
import type { Endpoint, Query } from './api/endpoints.js';
import { Stopped, UsageError } from './exit-codes.js';
import type { Session } from './session.js';
import { plural } from './terminal/numbers.js';
import { ProgressLine } from './terminal/progress-line.js';

/**
 * Writes an export, line by line, to a file or to standard output. A file has its name
 * only when it is whole; before that it is called `<file>.partial`. Throws BrokenOff.
 */
export async function exportLines(
  session: Session,
  endpoint: Endpoint,
  { id, query, output }: { id?: string; query: Query; output?: string },
): Promise<void> {
  const { terminal } = session;
  const response = await session.api.open(endpoint, {
    ...(id !== undefined && { id }),
    query,
    headers: { accept: 'application/x-ndjson, text/csv' },
  });
  const target = output === undefined ? undefined : await openFile(`${output}.partial`);
  const progress = new ProgressLine(terminal);
  const isShown = output !== undefined || !terminal.world.stdout.isTTY;
  let lines = 0;
  try {
    for await (const bytes of response.body ?? []) {
      lines += countLines(bytes);
      if (!target) await terminal.write(bytes);
      else if (!target.write(bytes)) await once(target, 'drain');
      if (isShown) progress.show(plural(lines, 'line'));
    }
  } catch (error) {
    if (session.terminal.world.signal.aborted) throw new Stopped();
    throw new BrokenOff(
      `The export broke off after ${plural(lines, 'line')}; it is not whole.`,
      error,
    );
  } finally {
    progress.end();
    target?.end();
  }
  if (!target || output === undefined) return;
  await finished(target);
  renameSync(`${output}.partial`, output);
  terminal.note(`${plural(lines, 'line')} in ${output}.`);
}

async function openFile(path: string) {
  const file = createWriteStream(path, { mode: 0o600 });
  try {
    await once(file, 'open');
    return file;
  } catch (error) {
    throw new UsageError(`Cannot write ${path}: ${(error as Error).message}.`);
  }
}

function countLines(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) if (byte === 0x0a) count += 1;
  return count;
}
