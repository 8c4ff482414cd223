import { Readable } from 'node:stream';
import type { LoadChunk } from '@offload/contracts';
import { dialectOf, parseRecords } from '@offload/formats';
import type { EntityManager } from 'typeorm';
import type { ImportPlan } from '../import-plan.js';
import { copyGoodRows, lineIn } from './copy-good-rows.js';
import type { CopiedRows } from './copy-records.js';
import { copyRows, keepCopy, undoCopy } from './copy-rows.js';
import { copyCsv, type CopyTarget } from './copy-target.js';
import { numberRecords } from './number-records.js';
import { lineBreakBehind } from './record-pile.js';
import { type RejectedRow, rejectRecord } from './rejected-row.js';
import { RowReader } from './row-reader.js';
import { StrictCursor } from './strict-cursor.js';

/** A chunk that can be copied as it is, but for some records of it. */
export interface StrictChunk {
  tx: EntityManager;
  plan: ImportPlan;
  target: CopyTarget;
  slice: Buffer;
  chunk: LoadChunk['chunk'];
}

/**
 * Bad records of a chunk that are stepped over. With more it is cheaper to read all of them, and there are probably more
 * when the second comes soon behind the first.
 */
const mostSteps = 8;
const leastShare = 1 / 16;

/**
 * Copies a chunk around its bad records, when they are few: PostgreSQL says on which line it stumbled, so what is before
 * is copied as it is, the one record is read, and COPY goes on behind it. Each row is sent at most twice, and none but the
 * bad ones is looked at here.
 *
 * `line` is the one on which the copy of the whole chunk has stumbled. Answers undefined, with nothing copied, where this
 * does not lead to the end: too many bad records, or a line that PostgreSQL counts otherwise than we do.
 */
export async function copyAround(
  strict: StrictChunk,
  line: number,
): Promise<CopiedRows | undefined> {
  const { tx, slice, plan, chunk } = strict;
  await tx.query('savepoint copy_around');
  const cursor = new StrictCursor(slice, dialectOf(plan.source));
  const rejected: RejectedRow[] = [];
  let stumbled: number | undefined = line;
  let copied: Place = { to: 0, rows: 0, lines: 0 };
  for (let step = 0; stumbled !== undefined && step < mostSteps; step++) {
    const before = stepTo(cursor, copied.lines + stumbled);
    const isDense = step === 1 && before && before.rows - copied.rows < chunk.rows * leastShare;
    if (!before || isDense || (await copyPart(strict, copied, before)) !== 'copied') break;
    rejected.push(...(await copyOne(strict, cursor, before)));
    copied = { to: cursor.to, rows: cursor.rows, lines: cursor.lines };
    const end = { to: slice.length, rows: chunk.rows, lines: Infinity };
    const rest = await copyPart(strict, copied, end);
    if (rest === 'copied') {
      await tx.query('release savepoint copy_around');
      return { rowsLoaded: chunk.rows - rejected.length, rejected };
    }
    stumbled = rest;
  }
  await tx.query('rollback to savepoint copy_around');
  return undefined;
}

/** A place between two records: how many of them, and how many lines, are before it. */
interface Place {
  to: number;
  rows: number;
  lines: number;
}

/** Goes to the record that has the line; answers the place before it. */
function stepTo(cursor: StrictCursor, line: number): Place | undefined {
  for (;;) {
    const before = { to: cursor.to, rows: cursor.rows, lines: cursor.lines };
    if (!cursor.advance()) return undefined;
    if (cursor.lines >= line) return before;
  }
}

/** Answers on which line of the part COPY has stumbled; undefined when that is not known, or rows are missing. */
async function copyPart(
  { tx, plan, target, slice, chunk }: StrictChunk,
  from: Place,
  to: Place,
): Promise<'copied' | number | undefined> {
  const rows = to.rows - from.rows;
  if (rows === 0) return 'copied';
  const dialect = dialectOf(plan.source);
  const bytes = slice.subarray(from.to, to.to);
  const first = (target.number?.base ?? 0) + chunk.firstRow + from.rows;
  const sent = target.number ? numberRecords(bytes, { first, rows }, dialect) : bytes;
  const whole = [sent, lineBreakBehind(sent.at(-1), dialect)];
  const copied = await copyRows(tx, copyCsv(target, plan.source), Readable.from(whole));
  if (copied === rows) {
    await keepCopy(tx);
    return 'copied';
  }
  if (typeof copied !== 'number') return lineIn(copied);
  await undoCopy(tx);
  return undefined;
}

/** Reads the one record that PostgreSQL has stumbled on; where we find nothing wrong, it is asked about that one alone. */
async function copyOne(
  { tx, plan, target, slice, chunk }: StrictChunk,
  cursor: StrictCursor,
  { to, rows, lines }: Place,
): Promise<RejectedRow[]> {
  const at = {
    offset: chunk.from + to,
    row: chunk.firstRow + rows,
    line: chunk.firstLine + lines,
  };
  const bytes = slice.subarray(cursor.from, cursor.to);
  const [record] = parseRecords(bytes, dialectOf(plan.source), at);
  if (!record) throw new Error(`There is no record at byte ${at.offset}.`);
  const reader = new RowReader(plan);
  const verdict = reader.read(record);
  if (typeof verdict === 'object') return [rejectRecord(record, verdict)];
  return copyGoodRows(tx, target, plan.dataset.keys, [{ record, values: [...reader.values] }]);
}
