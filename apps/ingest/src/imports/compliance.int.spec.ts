import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  LoadChunk,
  type Outgoing,
  ReportProgress,
  SplitFile,
  StartImport,
} from '@offload/contracts';
import { FileStore, LocalFileStore } from '@offload/storage';
import { describeHandler, testTenant } from '@offload/testing';
import { v7 } from 'uuid';
import { aRun } from '../../test/builders.js';
import { aDatasetName } from '../../test/import-harness.js';
import { database } from '../database/database.js';
import { LoadChunkHandler } from './load-chunk.handler.js';
import { ReportProgressHandler } from './report-progress.handler.js';
import { SplitFileHandler } from './split-file.handler.js';
import { StartImportHandler } from './start-import.handler.js';

const text = 'id,name\n1,Ada\n2,Grace\n';
const files = new LocalFileStore(mkdtempSync(join(tmpdir(), 'offload-files-')));
const options = {
  service: 'ingest',
  database,
  providers: [{ provide: FileStore, useValue: files }],
};

describeHandler(StartImportHandler, {
  ...options,
  example: async () =>
    StartImport({ importId: v7(), file: await aFile(), dataset: { name: aDatasetName() } }),
});

describeHandler(SplitFileHandler, {
  ...options,
  example: async (db) =>
    SplitFile({
      importId: await aRun(db, await aFile()),
      at: { offset: 8, row: 1, line: 2 },
      nextChunk: 0,
    }),
});

describeHandler(LoadChunkHandler, {
  ...options,
  example: async (db): Promise<Outgoing> => {
    const chunk = {
      number: 0,
      from: 8,
      to: text.length,
      firstRow: 1,
      firstLine: 2,
      rows: 2,
      strict: true,
    };
    return LoadChunk({ importId: await aRun(db, await aFile()), chunk });
  },
});

describeHandler(ReportProgressHandler, {
  ...options,
  example: async (db) => ReportProgress({ importId: await aRun(db, await aFile()) }),
});

async function aFile(): Promise<StartImport['file']> {
  const key = `${testTenant}/${v7()}`;
  return { key, name: 'people.csv', ...(await files.put(key, Readable.from([Buffer.from(text)]))) };
}
