import { ImportStarted, type Outgoing, PrepareFile, type SourceOptions } from '@offload/contracts';
import { FileRefused, type Inspection, type ResolvedSource } from '@offload/formats';
import type { FileStore } from '@offload/storage';
import type { EntityManager } from 'typeorm';
import { databaseTime } from '../../datasets/database-time.js';
import { Dataset } from '../../datasets/dataset.entity.js';
import { findProblems } from '../../datasets/find-problems.js';
import { lockDataset } from '../../datasets/lock-dataset.js';
import { makeDataset } from '../../datasets/make-dataset.js';
import { tellDataset } from '../../datasets/tell-dataset.js';
import { failImport } from '../endings/fail-import.js';
import { columnsOf, type ImportPlan, type PlannedDataset } from '../import-plan.js';
import type { ImportRun } from '../import-run.entity.js';
import { beginLoading } from '../load/begin-loading.js';
import { lastIdOf } from '../merge/reserve-ids.js';
import { madeAt } from '../revert/find-dataset.js';
import { run as query } from '../staging/sql.js';
import { createStaging, stagingTable } from '../staging/staging-table.js';
import { fileColumns, lookInto } from './look-into.js';
import { planImport } from './plan-import.js';
import { sourceFile } from './source-file.js';

/**
 * Looks at the file of an import and begins to load it, or to make it plain first. A file that cannot be imported as it
 * is ends the import, in words for the person who sent it.
 *
 * Must run in a transaction that has locked the import; nothing of it may be stored.
 */
export async function beginImport(
  tx: EntityManager,
  files: FileStore,
  run: ImportRun,
  now: Date,
): Promise<Outgoing[]> {
  const { file, options } = run;
  if (!file) throw new Error(`Import ${run.importId} has no file.`);
  const found = await lookInto(sourceFile(files, file), options);
  if (found instanceof FileRefused) return failImport(tx, run, found, now);
  if (found.needsConversion) {
    run.state = 'converting';
    await tx.save(run);
    return [PrepareFile({ importId: run.importId })];
  }
  return planAndLoad(tx, run, found, found.source, now);
}

/**
 * Fits the file that is to be cut to its dataset and begins to load it. `written` is how the stored file is written,
 * where that is not the one that is cut.
 */
export async function planAndLoad(
  tx: EntityManager,
  run: ImportRun,
  found: Inspection,
  written: ResolvedSource,
  now: Date,
): Promise<Outgoing[]> {
  if (!found.data) throw new Error(`The file of import ${run.importId} cannot be cut.`);
  await lockDataset(tx, run.datasetName);
  const planned = await planFor(tx, run, found);
  if ('failure' in planned) return failImport(tx, run, planned.failure, now);
  Object.assign(run, { plan: planned.plan, dataFrom: found.data.offset, splitAt: found.data });
  const made = await makeTables(tx, run);
  return [
    ...(made ? [tellDataset(made, await databaseTime(tx))] : []),
    ImportStarted({
      importId: run.importId,
      dataset: run.datasetName,
      columns: columnsOf(planned.plan),
      sourceColumns: planned.plan.sourceColumns,
      source: tellSource(written),
      bytesTotal: run.cutFile.size,
      startedAt: now.toISOString(),
    }),
    ...(await beginLoading(tx, run)),
  ];
}

async function planFor(
  tx: EntityManager,
  { options, wanted, tenantId, datasetName: name }: ImportRun,
  found: Inspection,
): Promise<{ plan: ImportPlan } | { failure: { code: string; message: string } }> {
  const dataset = await tx.findOneBy(Dataset, { tenantId, name });
  const planned = planImport({
    source: found.source,
    file: fileColumns(found, options.values),
    options,
    wanted,
    dataset: dataset ? await describeDataset(tx, dataset) : undefined,
  });
  if ('problems' in planned) return { failure: failure('columns_do_not_fit', planned.problems) };
  const problems = dataset ? [] : await findProblems(tx, planned.plan.dataset);
  return problems.length > 0 ? { failure: failure('invalid_dataset', problems) } : planned;
}

async function describeDataset(
  tx: EntityManager,
  dataset: Dataset,
): Promise<PlannedDataset & { tableName: string }> {
  const { tableName, columns, keys } = dataset;
  return {
    ...{ tableName, columns, keys },
    lastId: await lastIdOf(tx, tableName),
    madeAt: await madeAt(tx, dataset),
  };
}

function failure(
  code: string,
  problems: readonly { message: string }[],
): { code: string; message: string } {
  return { code, message: problems.map(({ message }) => message).join(' ') };
}

/** Makes the table that chunks are loaded into. Answers the dataset, if that is what is made. */
async function makeTables(tx: EntityManager, run: ImportRun): Promise<Dataset | undefined> {
  const { tenantId, datasetName: name, resolved } = run;
  const { sink, dataset } = resolved;
  if (sink !== 'direct') {
    await makeStaging(tx, run);
    return undefined;
  }
  if (dataset.tableName !== null) return undefined;
  const made = await makeDataset(tx, tenantId, name, dataset);
  Object.assign(dataset, { tableName: made.tableName, madeAt: await madeAt(tx, made) });
  return made;
}

/** One that was left over from another try is made anew. */
async function makeStaging(tx: EntityManager, { importId, resolved }: ImportRun): Promise<void> {
  await query(tx, `drop table if exists ${stagingTable('rows', importId)}`);
  await query(tx, createStaging(importId, resolved));
}

/** What may be told again to read the same file in the same way. */
function tellSource({ bom: _bom, ...source }: ResolvedSource): SourceOptions {
  return source;
}
