import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { LoadChunk } from '@offload/contracts';
import { dialectOf } from '@offload/formats';
import type { FileStore } from '@offload/storage';
import type { EntityManager } from 'typeorm';
import type { ImportPlan } from '../import-plan.js';
import type { ImportRun } from '../import-run.entity.js';
import { type CopiedRows, copyInPiles, copyRecords, type Load } from './copy-records.js';
import { copyRows, keepCopy, undoCopy } from './copy-rows.js';
import { copyCsv, type CopyTarget } from './copy-target.js';
import { numberRecords } from './number-records.js';
import { readRecords } from './read-records.js';
import { RecordPile } from './record-pile.js';
import { isTakenAsItIs } from './row-reader.js';

/**
 * Loads one chunk into the table that its import fills. Must run in the transaction that also writes the ledger, with
 * the settings of an import.
 *
 * 1. The optimistic path, where bytes can be taken as they are: they go to `COPY … (format csv)`, and PostgreSQL parses
 *    and validates. It counts only if PostgreSQL found as many rows as the scanner did.
 * 2. The pessimistic path, for everything else: we read the records, quarantine the bad ones with their reasons, and
 *    copy the others, as they stand in the file where that is possible, and written anew where it is not.
 *
 * Memory is bounded: the first path streams, or holds one chunk where rows get a number; the second holds one chunk,
 * once more as it is sent, and its rejected rows.
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
  const isTaken = chunk.strict && isTakenAsItIs(plan);
  if (isTaken && !target.number && (await copyBytes(tx, plan, target, await open(), chunk.rows))) {
    return { rowsLoaded: chunk.rows, rejected: [], path: 'copied' };
  }
  const slice = await buffer(await open());
  if (isTaken && target.number) {
    const numbers = { first: target.number.base + chunk.firstRow, rows: chunk.rows };
    const numbered = numberRecords(slice, numbers, dialectOf(plan.source));
    if (await copyBytes(tx, plan, target, Readable.from([numbered]), chunk.rows)) {
      return { rowsLoaded: chunk.rows, rejected: [], path: 'copied' };
    }
  }
  const load: Load = { tx, plan, target, records: recordsIn(slice, plan, chunk) };
  const copied = await (isTaken ? copyAsTheyStand(load, slice, chunk) : copyRecords(load));
  return { ...copied, path: 'read' };
}

/** Which of the two paths it took, and what became of its rows. */
export type CopiedChunk = CopiedRows & { path: 'copied' | 'read' };

/** What makes a chunk strict is true of each of its records, and so of any of them together. */
function copyAsTheyStand(
  load: Load,
  slice: Buffer,
  chunk: LoadChunk['chunk'],
): Promise<CopiedRows> {
  const { tx, plan, target } = load;
  return copyInPiles(load, {
    make: () => new RecordPile(slice, chunk.from, dialectOf(plan.source)),
    copy: (pile) => {
      const bytes = Readable.from([pile.bytes(target.number?.base)]);
      return copyBytes(tx, plan, target, bytes, pile.count);
    },
  });
}

/** Answers false, with nothing copied, when PostgreSQL refuses the bytes or finds other rows in them. */
async function copyBytes(
  tx: EntityManager,
  { source }: ImportPlan,
  target: CopyTarget,
  bytes: Readable,
  rows: number,
): Promise<boolean> {
  const copied = await copyRows(tx, copyCsv(target, source), bytes);
  if (copied === rows) await keepCopy(tx);
  else if (typeof copied === 'number') await undoCopy(tx);
  return copied === rows;
}

function recordsIn(
  slice: Buffer,
  plan: ImportPlan,
  { from, firstRow, firstLine }: LoadChunk['chunk'],
): Load['records'] {
  const at = { offset: from, row: firstRow, line: firstLine };
  return { [Symbol.iterator]: () => readRecords(slice, plan, at)[Symbol.iterator]() };
}
