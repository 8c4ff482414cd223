import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import {
  CancelImport,
  ConfirmImport,
  FixRows,
  LoadChunk,
  MergeRows,
  PrepareFile,
  ReportProgress,
  RestoreDataset,
  RetryImport,
  RevertImport,
  RevertRows,
  SplitFile,
  StartImport,
} from '@offload/contracts';
import { FileStore, LocalFileStore } from '@offload/storage';
import { describeHandler, testTenant } from '@offload/testing';
import type { DataSource } from 'typeorm';
import { v7 } from 'uuid';
import { aRun } from '../../test/builders.js';
import { aDatasetName } from '../../test/import-harness.js';
import { database } from '../database/database.js';
import { CancelImportHandler } from './actions/cancel-import.handler.js';
import { ConfirmImportHandler } from './actions/confirm-import.handler.js';
import { RetryImportHandler } from './actions/retry-import.handler.js';
import { FixRowsHandler } from './fix/fix-rows.handler.js';
import { LoadChunkHandler } from './load/load-chunk.handler.js';
import { SplitFileHandler } from './load/split-file.handler.js';
import { MergeRowsHandler } from './merge/merge-rows.handler.js';
import { ReportProgressHandler } from './progress/report-progress.handler.js';
import { RestoreDatasetHandler } from './replace/restore-dataset.handler.js';
import { RevertImportHandler } from './revert/revert-import.handler.js';
import { RevertRowsHandler } from './revert/revert-rows.handler.js';
import { PrepareFileHandler } from './start/prepare-file.handler.js';
import { StartImportHandler } from './start/start-import.handler.js';

const text = 'id,name\n1,Ada\n2,Grace\n';
const files = new LocalFileStore(mkdtempSync(join(tmpdir(), 'offload-files-')));
const options = {
  service: 'ingest',
  database,
  providers: [{ provide: FileStore, useValue: files }],
};
const keys = [['id']];

describeHandler(StartImportHandler, {
  ...options,
  example: async () =>
    StartImport({ importId: v7(), file: await aFile(), dataset: { name: aDatasetName() } }),
});

describeHandler(PrepareFileHandler, {
  ...options,
  example: async (db) => {
    const file = await aFile(gzipSync(text), 'people.csv.gz');
    const run = { state: 'converting' as const, plan: null };
    return PrepareFile({ importId: await aRun(db, { file, run }) });
  },
});

describeHandler(SplitFileHandler, {
  ...options,
  example: async (db) =>
    SplitFile({
      importId: await aRun(db, { file: await aFile() }),
      at: { offset: 8, row: 1, line: 2 },
      nextChunk: 0,
    }),
});

describeHandler(LoadChunkHandler, {
  ...options,
  example: async (db) => LoadChunk({ importId: await aRun(db, { file: await aFile() }), chunk }),
});

describeHandler(ReportProgressHandler, {
  ...options,
  example: async (db) => ReportProgress({ importId: await aRun(db) }),
});

describeHandler(MergeRowsHandler, {
  ...options,
  example: async (db) => {
    const merge = { by: 'none' as const, count: 1, base: 0, span: 2, isPaused: false };
    const importId = await aRun(db, { keys, run: { state: 'merging', merge } });
    await db.query('insert into import_merge (import_id, part, rows) values ($1, 0, 2)', [
      importId,
    ]);
    await db.query(
      `insert into staging.rows_${importId.replaceAll('-', '')} ("_row", id, name) values (1, 1, 'Ada'), (2, 1, 'Eve')`,
    );
    return MergeRows({ importId, part: 0 });
  },
});

describeHandler(ConfirmImportHandler, {
  ...options,
  example: async (db) =>
    ConfirmImport({ importId: await aRun(db, { keys, run: { state: 'held' } }) }),
});

describeHandler(CancelImportHandler, {
  ...options,
  example: async (db) => CancelImport({ importId: await aRun(db), keepRows: false }),
});

describeHandler(RetryImportHandler, {
  ...options,
  example: async (db) => RetryImport({ importId: await aRun(db) }),
});

describeHandler(FixRowsHandler, {
  ...options,
  example: async (db) => {
    const importId = await aRun(db, { run: { state: 'completed' } });
    await db.query(
      `insert into reports.rejected_row (import_id, "row", line, byte_offset, code, message, raw, fields)
       values ($1, 2, 3, 14, 'not_a_value', 'It is not.', 'x,Grace', '{x,Grace}')`,
      [importId],
    );
    const file = await aFile(Buffer.from('id,name,_row\n2,Grace,2\n'));
    return FixRows({ importId, fixId: v7(), file });
  },
});

describeHandler(RevertImportHandler, {
  ...options,
  example: async (db) =>
    RevertImport({ importId: await aRun(db, { run: { state: 'completed' } }), dryRun: false }),
});

describeHandler(RevertRowsHandler, {
  ...options,
  example: async (db) => {
    const nothing = { removed: 0, restored: 0, kept: 0, total: 0 };
    const undo = { purpose: 'revert' as const, step: 'created' as const, after: 0, until: 9 };
    const run = { state: 'reverting' as const, undo: { ...undo, ...nothing } };
    return RevertRows({ importId: await aRun(db, { run }) });
  },
});

describeHandler(RestoreDatasetHandler, {
  ...options,
  example: async (db) => {
    const importId = await aRun(db, { run: { state: 'completed', endedAt: new Date() } });
    return RestoreDataset({ dataset: await keepReplaced(db, importId), importId });
  },
});

const chunk = {
  number: 0,
  from: 8,
  to: text.length,
  firstRow: 1,
  firstLine: 2,
  rows: 2,
  strict: true,
};

async function aFile(
  content = Buffer.from(text),
  name = 'people.csv',
): Promise<StartImport['file']> {
  const key = `${testTenant}/${v7()}`;
  return { key, name, ...(await files.put(key, Readable.from([content]))) };
}

/** Sets a table aside as one that the import has replaced; answers the name of the dataset. */
async function keepReplaced(db: DataSource, importId: string): Promise<string> {
  const [run]: { dataset_name: string }[] = await db.query(
    'select dataset_name from import_run where import_id = $1',
    [importId],
  );
  const dataset = run?.dataset_name ?? '';
  const kept = `replaced_${importId.replaceAll('-', '')}`;
  await db.query(`create table staging.${kept} (like datasets."${dataset}" including all)`);
  await db.query(
    `insert into replaced_table (import_id, tenant_id, dataset_name, table_name, columns, keys, rows, holds)
     select $1, tenant_id, name, $2, columns, keys, 0, 'before' from dataset where name = $3`,
    [importId, kept, dataset],
  );
  return dataset;
}
