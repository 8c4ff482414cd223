import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { DatasetColumn, LoadChunk } from '@offload/contracts';
import type { FileStore } from '@offload/storage';
import type { DatabaseError } from 'pg';
import type { EntityManager } from 'typeorm';
import { copyStatement } from '../datasets/copy-statement.js';
import { IMPORT_ID_SETTING } from '../datasets/dataset-table.js';
import { type CsvDialect, type CsvRecord, parseRecords } from '@offload/formats';
import { checkRecord } from './check-record.js';
import { copyRows, undoCopy } from './copy-rows.js';
import type { ImportRun } from './import-run.entity.js';
import { RecordPile } from './record-pile.js';
import { type RejectedRow, rejectRecord } from './rejected-row.js';
import { writeRecord } from './write-record.js';

export interface CopiedChunk {
  rowsLoaded: number;
  rejected: RejectedRow[];
}

/**
 * Loads one chunk into the dataset's table. Must run in the transaction that also writes the ledger.
 *
 * 1. The optimistic path: the bytes go to `COPY … (format csv)` as they are, and PostgreSQL parses and
 *    validates. It counts only if PostgreSQL found as many rows as the scanner did.
 * 2. The pessimistic path, for a chunk that failed or that PostgreSQL would read differently: we parse,
 *    quarantine the bad records with their reasons, and load the rest: again as it stands in the file, and
 *    written anew only where PostgreSQL would read that differently.
 *
 * Memory is bounded: the first path streams, the second holds one chunk.
 */
export async function copyChunk(
  tx: EntityManager,
  files: FileStore,
  run: ImportRun,
  chunk: LoadChunk['chunk'],
): Promise<CopiedChunk> {
  if (!run.tableName || !run.dialect) throw new Error(`Import ${run.importId} has no table yet.`);
  await tx.query(
    `select set_config($1, $2, true), set_config('timezone', 'UTC', true), set_config('datestyle', 'ISO, YMD', true)`,
    [IMPORT_ID_SETTING, run.importId],
  );
  const target = { columns: run.columns, dialect: run.dialect, tableName: run.tableName };
  const slice = { from: chunk.from, to: chunk.to };
  if (
    chunk.strict &&
    (await loadAsItIs(tx, await files.read(run.file.key, slice), target, chunk.rows))
  ) {
    return { rowsLoaded: chunk.rows, rejected: [] };
  }
  return loadRecordByRecord(tx, await buffer(await files.read(run.file.key, slice)), target, chunk);
}

type Target = Pick<ImportRun, 'columns'> & { tableName: string; dialect: CsvDialect };

async function loadAsItIs(
  tx: EntityManager,
  bytes: Readable,
  target: Target,
  rows: number,
): Promise<boolean> {
  const copied = await copyRows(tx, statementFor(target), bytes);
  if (copied === rows) return true;
  if (typeof copied === 'number') await undoCopy(tx);
  return false;
}

async function loadRecordByRecord(
  tx: EntityManager,
  slice: Buffer,
  target: Target,
  chunk: LoadChunk['chunk'],
): Promise<CopiedChunk> {
  const at = { offset: chunk.from, row: chunk.firstRow, line: chunk.firstLine };
  const good = new RecordPile(slice, chunk.from, target.dialect);
  const unsure = new RecordPile(slice, chunk.from, target.dialect);
  const rejected: RejectedRow[] = [];
  for (const record of parseRecords(slice, target.dialect, at)) {
    const verdict = checkRecord(record, target.columns);
    if (verdict === 'ok') good.add(record);
    else if (verdict === 'unsure') unsure.add(record);
    else rejected.push(verdict);
  }
  const refused = [
    ...(await copyPile(tx, target, good, chunk)),
    ...(await copyPile(tx, target, unsure, chunk)),
  ];
  return {
    rowsLoaded: good.count + unsure.count - refused.length,
    rejected: [...rejected, ...refused].toSorted((a, b) => a.row - b.row),
  };
}

/** What makes a chunk strict is true of each of its records, and so of any of them together. */
async function copyPile(
  tx: EntityManager,
  target: Target,
  pile: RecordPile,
  { strict }: LoadChunk['chunk'],
): Promise<RejectedRow[]> {
  if (pile.count === 0) return [];
  if (strict && (await loadAsItIs(tx, Readable.from([pile.bytes()]), target, pile.count))) {
    return [];
  }
  return copyOrHalve(tx, target, pile.records());
}

/** Copies records; where PostgreSQL refuses them, copies each half, down to the one that is refused. */
async function copyOrHalve(
  tx: EntityManager,
  target: Target,
  records: readonly CsvRecord[],
): Promise<RejectedRow[]> {
  const [first] = records;
  if (!first) return [];
  const text = Readable.from(linesOf(records, target.dialect));
  const copied = await copyRows(tx, statementFor(target), text);
  if (copied === records.length) return [];
  if (typeof copied === 'number') await undoCopy(tx);
  if (records.length === 1) return [refusedBy(copied, first, target.columns)];
  const middle = Math.ceil(records.length / 2);
  return [
    ...(await copyOrHalve(tx, target, records.slice(0, middle))),
    ...(await copyOrHalve(tx, target, records.slice(middle))),
  ];
}

function refusedBy(
  complaint: number | DatabaseError,
  record: CsvRecord,
  columns: readonly DatasetColumn[],
): RejectedRow {
  if (typeof complaint === 'number') {
    return rejectRecord(record, {
      code: 'refused_by_database',
      message: 'The database reads it as several rows.',
    });
  }
  const index = columns.findIndex(({ name }) => name === columnIn(complaint));
  return rejectRecord(
    record,
    {
      code: 'refused_by_database',
      message: `The database refused this row: ${complaint.message}.`,
    },
    columns[index],
    record.fields[index] ?? null,
  );
}

/** COPY says where it stumbled: `COPY people, line 1, column born: "2024-13-01"`. */
function columnIn({ column, where }: DatabaseError): string | undefined {
  return column ?? /, column (.+?)(?:: |$)/s.exec(where ?? '')?.[1];
}

function* linesOf(records: readonly CsvRecord[], dialect: CsvDialect): Generator<string> {
  const batch = 1000;
  for (let at = 0; at < records.length; at += batch) {
    yield records
      .slice(at, at + batch)
      .map((record) => writeRecord(record.fields, dialect))
      .join('');
  }
}

function statementFor({ tableName, columns, dialect }: Target): string {
  return copyStatement(tableName, columns, dialect);
}
