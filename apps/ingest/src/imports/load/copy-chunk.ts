import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { LoadChunk } from '@offload/contracts';
import { dialectOf } from '@offload/formats';
import type { FileStore } from '@offload/storage';
import type { EntityManager } from 'typeorm';
import type { ImportPlan } from '../import-plan.js';
import type { ImportRun } from '../import-run.entity.js';
import { copyAround, type StrictChunk } from './copy-around.js';
import { lineIn } from './copy-good-rows.js';
import { type CopiedRows, copyInPiles, copyRecords, type Load } from './copy-records.js';
import { copyRows, keepCopy, undoCopy } from './copy-rows.js';
import { copyCsv, type CopyTarget } from './copy-target.js';
import { numberRecords } from './number-records.js';
import { readRecords } from './read-records.js';
import { RecordPile } from './record-pile.js';
import { isTakenAsItIs } from './row-reader.js';

/** Which of the paths it took, and what became of its rows. */
export type CopiedChunk = CopiedRows & { path: ChunkPath };

/** In the order in which they are tried. */
export type ChunkPath = 'copied' | 'around' | 'read';

/**
 * Loads one chunk into the table that its import fills. Must run in the transaction that also writes the ledger, with
 * the settings of an import.
 *
 * 1. The optimistic path, where bytes can be taken as they are: they go to `COPY … (format csv)`, and PostgreSQL parses
 *    and validates. It counts only if PostgreSQL found as many rows as the scanner did.
 * 2. Around bad records, when they are few: see `copyAround`.
 * 3. The pessimistic path, for everything else: we read the records, quarantine the bad ones with their reasons, and
 *    copy the others, as they stand in the file where that is possible, and written anew where it is not.
 *
 * Memory is bounded: the first path streams, or holds one chunk where rows get a number; the others hold one chunk, once
 * more as it is sent, and its rejected rows.
 */
export async function copyChunk(
  tx: EntityManager,
  files: FileStore,
  run: ImportRun,
  target: CopyTarget,
  chunk: LoadChunk['chunk'],
): Promise<CopiedChunk> {
  const plan = run.resolved;
  const open = (): Promise<Readable> =>
    files.read(run.cutFile.key, { from: chunk.from, to: chunk.to });
  if (!chunk.strict || !isTakenAsItIs(plan)) {
    const slice = await buffer(await open());
    const load: Load = { tx, plan, target, records: recordsIn(slice, plan, chunk) };
    return { ...(await copyRecords(load)), path: 'read' };
  }
  const held = target.number ? await buffer(await open()) : undefined;
  const bytes = held ? Readable.from([numbered(held, plan, target, chunk)]) : await open();
  const copied = await copyBytes(tx, plan, target, bytes, chunk.rows);
  if (copied === 'copied') return { rowsLoaded: chunk.rows, rejected: [], path: 'copied' };

  const slice = held ?? (await buffer(await open()));
  const strict: StrictChunk = { tx, plan, target, slice, chunk };
  const around = copied.line === undefined ? undefined : await copyAround(strict, copied.line);
  if (around) return { ...around, path: 'around' };
  return { ...(await copyAsTheyStand(strict)), path: 'read' };
}

function numbered(
  slice: Buffer,
  { source }: ImportPlan,
  { number }: CopyTarget,
  { firstRow, rows }: LoadChunk['chunk'],
): Buffer {
  const first = (number?.base ?? 0) + firstRow;
  return numberRecords(slice, { first, rows }, dialectOf(source));
}

/** What makes a chunk strict is true of each of its records, and so of any of them together. */
function copyAsTheyStand({ tx, plan, target, slice, chunk }: StrictChunk): Promise<CopiedRows> {
  const load = { tx, plan, target, records: recordsIn(slice, plan, chunk) };
  return copyInPiles(load, {
    make: () => new RecordPile(slice, chunk.from, dialectOf(plan.source)),
    copy: async (pile) => {
      const bytes = Readable.from([pile.bytes(target.number?.base)]);
      return (await copyBytes(tx, plan, target, bytes, pile.count)) === 'copied';
    },
  });
}

/**
 * Copies all, or nothing when PostgreSQL refuses the bytes or finds other rows in them; then answers the line on which it
 * has stumbled, if it says so.
 */
async function copyBytes(
  tx: EntityManager,
  { source }: ImportPlan,
  target: CopyTarget,
  bytes: Readable,
  rows: number,
): Promise<'copied' | { line: number | undefined }> {
  const copied = await copyRows(tx, copyCsv(target, source), bytes);
  if (copied === rows) {
    await keepCopy(tx);
    return 'copied';
  }
  if (typeof copied !== 'number') return { line: lineIn(copied) };
  await undoCopy(tx);
  return { line: undefined };
}

function recordsIn(
  slice: Buffer,
  plan: ImportPlan,
  { from, firstRow, firstLine }: LoadChunk['chunk'],
): Load['records'] {
  const at = { offset: from, row: firstRow, line: firstLine };
  return { [Symbol.iterator]: () => readRecords(slice, plan, at)[Symbol.iterator]() };
}
