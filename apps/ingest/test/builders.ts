import { randomBytes } from 'node:crypto';
import type { StartImport } from '@offload/contracts';
import { testTenant } from '@offload/testing';
import type { DataSource } from 'typeorm';
import { v7 } from 'uuid';
import { openDataset } from '../src/datasets/open-dataset.js';
import { ImportRun } from '../src/imports/import-run.entity.js';
import { aDatasetName } from './import-harness.js';

/** The columns of the files that `aRun` imports. */
const columns = [
  { name: 'id', type: 'bigint' as const, nullable: true },
  { name: 'name', type: 'text' as const, nullable: true },
];

/** An import that has been started: its dataset is open, and nothing of the file is loaded. */
export async function aRun(
  db: DataSource,
  file: StartImport['file'] = aFileReference(),
): Promise<string> {
  const importId = v7();
  await db.transaction(async (tx) => {
    const { dataset } = await openDataset(tx, testTenant, aDatasetName(), { columns, keys: [] });
    await tx.insert(ImportRun, {
      importId,
      tenantId: testTenant,
      state: 'loading',
      file,
      datasetName: dataset.name,
      tableName: dataset.tableName,
      columns,
      dialect: { delimiter: ',', quote: '"', newline: 'lf', hasHeader: true, bom: false },
      notify: null,
      dataFrom: 8,
      chunksTotal: null,
      sequence: 0,
      reportedAt: null,
      startedAt: new Date(),
      endedAt: null,
    });
  });
  return importId;
}

function aFileReference(): StartImport['file'] {
  const sha256 = randomBytes(32).toString('hex');
  return { key: `${testTenant}/${v7()}`, name: 'people.csv', size: 24, sha256 };
}
