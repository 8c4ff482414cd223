import { randomBytes } from 'node:crypto';
import { type DatasetKey, ImportOptions, StartImport } from '@offload/contracts';
import type { ResolvedSource } from '@offload/formats';
import { testTenant } from '@offload/testing';
import type { DataSource } from 'typeorm';
import { v7 } from 'uuid';
import { openDataset } from '../src/datasets/open-dataset.js';
import type { ImportPlan } from '../src/imports/import-plan.js';
import { ImportRun } from '../src/imports/import-run.entity.js';
import { createStaging } from '../src/imports/staging/staging-table.js';
import { aNewRun } from '../src/imports/start/new-run.js';
import { aDatasetName } from './import-harness.js';

/** The columns of the files that `aRun` imports. */
const columns = [
  { name: 'id', type: 'bigint' as const, nullable: true },
  { name: 'name', type: 'text' as const, nullable: true },
];

export interface RunWanted {
  file?: StartImport['file'];
  keys?: DatasetKey[];
  options?: Partial<ImportOptions>;
  /** What differs from an import that is being loaded. */
  run?: Partial<ImportRun>;
}

/** An import that has been started: its dataset is open, and nothing of the file is loaded. */
export async function aRun(db: DataSource, wanted: RunWanted = {}): Promise<string> {
  const { file = aFileReference(), keys = [], options = {}, run: changes = {} } = wanted;
  const importId = v7();
  await db.transaction(async (tx) => {
    const shape = { columns, keys };
    const { dataset } = await openDataset(tx, testTenant, aDatasetName(), shape);
    const command = StartImport({ importId, file, dataset: { name: dataset.name }, options });
    const isUpsert = options.mode === 'upsert';
    const plan: ImportPlan = {
      source: aSource(),
      sourceColumns: columns.map(({ name }) => name),
      columns: columns.map((column, from) => ({ column, from, values: {} })),
      dataset: { tableName: dataset.tableName, columns, keys, lastId: 0 },
      sink: keys.length > 0 ? 'merge' : 'direct',
      key: isUpsert ? (keys[0] ?? null) : null,
    };
    const run = aNewRun(command.payload, testTenant, new Date());
    Object.assign(run, {
      state: 'loading',
      plan,
      dataFrom: 8,
      splitAt: { offset: 8, row: 1, line: 2, chunk: 0 },
      ...changes,
    });
    await tx.insert(ImportRun, run);
    if (plan.sink !== 'direct') await tx.query(createStaging(importId, plan));
  });
  return importId;
}

function aFileReference(): StartImport['file'] {
  const sha256 = randomBytes(32).toString('hex');
  return { key: `${testTenant}/${v7()}`, name: 'people.csv', size: 24, sha256 };
}

/** Plain CSV with a header, as it is unless something else is said. */
export function aSource(source: Partial<ResolvedSource> = {}): ResolvedSource {
  return {
    format: 'csv',
    packing: 'none',
    encoding: 'utf-8',
    bom: false,
    delimiter: ',',
    quote: '"',
    escape: null,
    newline: 'lf',
    header: true,
    skip: 0,
    footer: 0,
    ...source,
  };
}
