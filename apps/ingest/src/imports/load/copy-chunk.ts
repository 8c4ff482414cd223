import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { LoadChunk } from '@offload/contracts';
import { dialectOf } from '@offload/formats';
import type { FileStore } from '@offload/storage';
import type { EntityManager } from 'typeorm';
import { listViolations } from '../../datasets/list-violations.js';
import { explainRule } from '../../datasets/explain-rule.js';
import type { ImportPlan } from '../import-plan.js';
import type { ImportRun } from '../import-run.entity.js';
import { copyGoodRows, type ReadRow } from './copy-good-rows.js';
import { copyRows, keepCopy, undoCopy } from './copy-rows.js';
import { copyCsv, type CopyTarget } from './copy-target.js';
import { numberRecords } from './number-records.js';
import { readRecords } from './read-records.js';
import { RecordPile } from './record-pile.js';
import { type RejectedRow, rejectRecord } from './rejected-row.js';
import { isTakenAsItIs, RowReader } from './row-reader.js';

export interface CopiedChunk {
  rowsLoaded: number;
  rejected: RejectedRow[];
}

/**
 * Loads one chunk into the table that its import fills. Must run in the transaction that also writes the ledger, with
 * the settings of an import.
 *
 * 1. The optimistic path, where bytes can be taken as they are: they go to `COPY … (format csv)`, and PostgreSQL parses
 *    and validates. It counts only if PostgreSQL found as many rows as the scanner did.
 * 2. The pessimistic path, for everything else: we read the records, quarantine the bad ones with their reasons, and
 *    copy the others, as they stand in the file where that is possible, and written anew where it is not.
 *
 * Memory is bounded: the first path streams, or holds one chunk where rows get a number; the second holds one chunk
 * and what was read of it.
 */
export async function copyChunk(
  tx: EntityManager,
  files: FileStore,
  run: ImportRun,
  target: CopyTarget,
  chunk: LoadChunk['chunk'],
): Promise<CopiedChunk> {
  const plan = run.resolved;
  const load: Load = { tx, plan, target, chunk };
  const open = (): Promise<Readable> =>
    files.read(run.cutFile.key, { from: chunk.from, to: chunk.to });
  if (!chunk.strict || !isTakenAsItIs(plan)) return loadRecords(load, await buffer(await open()));
  if (!target.number) {
    const isLoaded = await copyAsItIs(load, await open(), chunk.rows);
    return isLoaded ? allOf(chunk) : loadRecords(load, await buffer(await open()));
  }
  const slice = await buffer(await open());
  const numbers = { first: target.number.base + chunk.firstRow, rows: chunk.rows };
  const numbered = numberRecords(slice, numbers, dialectOf(plan.source));
  const isLoaded = await copyAsItIs(load, Readable.from([numbered]), chunk.rows);
  return isLoaded ? allOf(chunk) : loadRecords(load, slice);
}

interface Load {
  tx: EntityManager;
  plan: ImportPlan;
  target: CopyTarget;
  chunk: LoadChunk['chunk'];
}

function allOf({ rows }: LoadChunk['chunk']): CopiedChunk {
  return { rowsLoaded: rows, rejected: [] };
}

async function copyAsItIs(
  { tx, plan, target }: Load,
  bytes: Readable,
  rows: number,
): Promise<boolean> {
  const copied = await copyRows(tx, copyCsv(target, plan.source), bytes);
  if (copied === rows) await keepCopy(tx);
  else if (typeof copied === 'number') await undoCopy(tx);
  return copied === rows;
}

/** What makes a chunk strict is true of each of its records, and so of any of them together. */
function loadRecords(load: Load, slice: Buffer): Promise<CopiedChunk> {
  const isTaken = load.chunk.strict && isTakenAsItIs(load.plan);
  return isTaken ? loadAsTheyStand(load, slice) : loadWrittenAnew(load, slice);
}

/** Remembers good records by where they stand; texts are held only of those that PostgreSQL must be asked about. */
async function loadAsTheyStand(load: Load, slice: Buffer): Promise<CopiedChunk> {
  const { plan, chunk } = load;
  const dialect = dialectOf(plan.source);
  const good = new RecordPile(slice, chunk.from, dialect);
  const unsure = new RecordPile(slice, chunk.from, dialect);
  const at = { offset: chunk.from, row: chunk.firstRow, line: chunk.firstLine };
  const { asked, rejected } = readAll(plan, readRecords(slice, plan, at), {
    ok: (record) => good.add(record),
    unsure: (record) => unsure.add(record),
  });
  const { kept, broken } = await askPatterns(load, asked);
  const refused = [
    ...(await copyPile(load, good)),
    ...(await copyPile(load, unsure)),
    ...(await copyGoodRows(load.tx, load.target, plan.dataset.keys, kept)),
  ];
  const rows = good.count + unsure.count + kept.length;
  return sum(rows, refused, [...rejected, ...broken]);
}

function loadWrittenAnew(load: Load, slice: Buffer): Promise<CopiedChunk> {
  const { tx, plan, target, chunk } = load;
  const at = { offset: chunk.from, row: chunk.firstRow, line: chunk.firstLine };
  return copyRecords(tx, plan, target, readRecords(slice, plan, at));
}

/** Reads records by the plan of an import, copies the good ones and answers the others with their reasons. */
export async function copyRecords(
  tx: EntityManager,
  plan: ImportPlan,
  target: CopyTarget,
  records: Iterable<ReadRow['record']>,
): Promise<CopiedChunk> {
  const good: ReadRow[] = [];
  const unsure: ReadRow[] = [];
  const { asked, rejected } = readAll(plan, records, {
    ok: (record, values) => good.push({ record, values }),
    unsure: (record, values) => unsure.push({ record, values }),
  });
  const { kept, broken } = await askPatterns({ tx, plan }, asked);
  const { keys } = plan.dataset;
  const refused = [
    ...(await copyGoodRows(tx, target, keys, [...good, ...kept].toSorted(byRow))),
    ...(await copyGoodRows(tx, target, keys, unsure)),
  ];
  return sum(good.length + kept.length + unsure.length, refused, [...rejected, ...broken]);
}

interface Takers {
  ok: (record: ReadRow['record'], values: ReadRow['values']) => void;
  unsure: Takers['ok'];
}

function readAll(
  plan: ImportPlan,
  records: Iterable<ReadRow['record']>,
  take: Takers,
): { asked: ReadRow[]; rejected: RejectedRow[] } {
  const reader = new RowReader(plan);
  const asked: ReadRow[] = [];
  const rejected: RejectedRow[] = [];
  for (const record of records) {
    const verdict = reader.read(record);
    if (verdict === 'ok') take.ok(record, reader.values);
    else if (verdict === 'unsure') take.unsure(record, reader.values);
    else if (verdict === 'ask') asked.push({ record, values: reader.values });
    else rejected.push(rejectRecord(record, verdict));
  }
  return { asked, rejected };
}

/** Only PostgreSQL knows its regular expressions: it is asked once for each column that has one. */
async function askPatterns(
  { tx, plan }: Pick<Load, 'tx' | 'plan'>,
  asked: readonly ReadRow[],
): Promise<{ kept: ReadRow[]; broken: RejectedRow[] }> {
  let kept = [...asked];
  const broken: RejectedRow[] = [];
  for (const [index, { column, from }] of plan.columns.entries()) {
    if (column.pattern === undefined || from === null || kept.length === 0) continue;
    const violations = await listViolations(
      tx,
      column,
      kept.map(({ values }) => values[index] ?? ''),
    );
    const isBroken = (row: ReadRow, place: number): boolean =>
      (violations[place] ?? false) && typeof row.values[index] === 'string';
    for (const [place, row] of kept.entries()) {
      if (!isBroken(row, place)) continue;
      const value = row.record.fields[from] ?? null;
      const refusal = { ...explainRule(column, 'pattern'), column: column.name, value };
      broken.push(rejectRecord(row.record, refusal));
    }
    kept = kept.filter((row, place) => !isBroken(row, place));
  }
  return { kept, broken };
}

async function copyPile(load: Load, pile: RecordPile): Promise<RejectedRow[]> {
  if (pile.count === 0) return [];
  const { tx, plan, target } = load;
  const bytes = Readable.from([pile.bytes(target.number?.base)]);
  if (await copyAsItIs(load, bytes, pile.count)) return [];
  const reader = new RowReader(plan);
  const rows: ReadRow[] = [];
  for (const record of pile.records()) {
    reader.read(record);
    rows.push({ record, values: reader.values });
  }
  return copyGoodRows(tx, target, plan.dataset.keys, rows);
}

function sum(rows: number, refused: RejectedRow[], rejected: RejectedRow[]): CopiedChunk {
  return {
    rowsLoaded: rows - refused.length,
    rejected: [...rejected, ...refused].toSorted((a, b) => a.row - b.row),
  };
}

function byRow(one: ReadRow, other: ReadRow): number {
  return one.record.row - other.record.row;
}
