import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  type DatasetColumn,
  LoadChunk,
  type Outgoing,
  ReportProgress,
  SplitFile,
  StartImport,
} from '@offload/contracts';
import type { DeliveryResult } from '@offload/messaging';
import { FileStore, LocalFileStore } from '@offload/storage';
import { handlerHarness, testTenant } from '@offload/testing';
import { v7 } from 'uuid';
import { database } from '../src/database/database.js';
import { LoadChunkHandler } from '../src/imports/load-chunk.handler.js';
import { ReportProgressHandler } from '../src/imports/report-progress.handler.js';
import { SplitFileHandler } from '../src/imports/split-file.handler.js';
import { StartImportHandler } from '../src/imports/start-import.handler.js';

export interface ImportOptions {
  dataset?: string;
  columns?: DatasetColumn[];
}

export interface ImportResult {
  importId: string;
  dataset: string;
  /** What the handlers published, in order; commands among them have been delivered. */
  published: Outgoing[];
  /** The payload of the event that ended the import. */
  end: Record<string, unknown>;
}

/**
 * Runs imports through the real handlers and a real database, delivering what each of them sends.
 * Call it inside `describe`.
 */
export function importHarness() {
  const files = new LocalFileStore(mkdtempSync(join(tmpdir(), 'offload-files-')));
  const options = {
    service: 'ingest',
    database,
    providers: [{ provide: FileStore, useValue: files }],
  };
  const start = handlerHarness(StartImportHandler, options);
  const split = handlerHarness(SplitFileHandler, options);
  const load = handlerHarness(LoadChunkHandler, options);
  const report = handlerHarness(ReportProgressHandler, options);
  const deliverTo: Record<string, (message: Outgoing) => Promise<DeliveryResult>> = {
    [StartImport.type]: start.deliver,
    [SplitFile.type]: split.deliver,
    [LoadChunk.type]: load.deliver,
    [ReportProgress.type]: report.deliver,
  };

  /** Delivers a message and everything it causes; fails when a delivery is not handled. */
  const run = async (first: Outgoing): Promise<Outgoing[]> => {
    const published: Outgoing[] = [];
    const waiting: Outgoing[] = [first];
    for (let message = waiting.shift(); message; message = waiting.shift()) {
      const delivery = await deliverTo[message.type]?.(message);
      if (delivery?.error) throw delivery.error;
      published.push(...(delivery?.published ?? []));
      waiting.push(...(delivery?.published ?? []).filter(({ kind }) => kind === 'command'));
    }
    return published;
  };

  const store = async (
    content: Buffer | string,
    name = 'file.csv',
  ): Promise<StartImport['file']> => {
    const key = `${testTenant}/${v7()}`;
    return { key, name, ...(await files.put(key, Readable.from([Buffer.from(content)]))) };
  };

  const importText = async (
    content: Buffer | string,
    wanted: ImportOptions = {},
  ): Promise<ImportResult> => {
    const importId = v7();
    const dataset = wanted.dataset ?? aDatasetName();
    const file = await store(content);
    const published = await run(
      StartImport({
        importId,
        file,
        dataset: { name: dataset, ...(wanted.columns ? { columns: wanted.columns } : {}) },
      }),
    );
    const end = published.findLast(({ type }) => /import-(completed|failed)/.test(type));
    return { importId, dataset, published, end: (end?.payload ?? {}) as Record<string, unknown> };
  };

  return {
    db: start.db,
    files,
    run,
    store,
    importText,
    /** Imports one of the files named for their trouble. */
    importFile: (name: string, wanted?: ImportOptions): Promise<ImportResult> =>
      importText(readFileSync(join(__dirname, '../../../libs/testing/files', name)), wanted),
    /** The rows of a dataset in the order of the file, without our own columns. */
    rowsOf: async (dataset: string): Promise<Record<string, unknown>[]> => {
      const rows: Record<string, unknown>[] = await start
        .db()
        .query(`select * from datasets."${dataset}" order by _id`);
      return rows.map(({ _id, _import_id, _edited_at, ...row }) => row);
    },
    rejectionsOf: async (importId: string): Promise<Record<string, unknown>[]> =>
      start.db().query(
        `select "row"::int, line::int, column_name as column, value, code, message, raw
           from rejected_row where import_id = $1 order by "row"`,
        [importId],
      ),
  };
}

export function aDatasetName(): string {
  return `d_${v7().replaceAll('-', '')}`;
}
