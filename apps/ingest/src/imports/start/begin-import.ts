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
import { columnsOf } from '../import-plan.js';
import type { ImportRun } from '../import-run.entity.js';
import { beginLoading } from '../load/begin-loading.js';
import { lastIdOf } from '../merge/reserve-ids.js';
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
  const { options, wanted, tenantId, datasetName: name } = run;
  if (!found.data) throw new Error(`The file of import ${run.importId} cannot be cut.`);
  await lockDataset(tx, name);
  const dataset = await tx.findOneBy(Dataset, { tenantId, name });
  const planned = planImport({
    source: found.source,
    file: fileColumns(found, options.values),
    options,
    wanted,
    dataset: dataset
      ? { ...shapeOf(dataset), lastId: await lastIdOf(tx, dataset.tableName) }
      : undefined,
  });
  const problems =
    'problems' in planned
      ? planned.problems
      : dataset
        ? []
        : await findProblems(tx, planned.plan.dataset);
  if ('problems' in planned || problems.length > 0) {
    const code = 'problems' in planned ? 'columns_do_not_fit' : 'invalid_dataset';
    const message = problems.map((problem) => problem.message).join(' ');
    return failImport(tx, run, { code, message }, now);
  }
  const { plan } = planned;
  const made =
    !dataset && plan.sink === 'direct'
      ? await makeDataset(tx, tenantId, name, plan.dataset)
      : undefined;
  if (made) plan.dataset.tableName = made.tableName;
  Object.assign(run, { plan, dataFrom: found.data.offset, splitAt: found.data });
  if (plan.sink !== 'direct') await makeStaging(tx, run);
  return [
    ...(made ? [tellDataset(made, await databaseTime(tx))] : []),
    ImportStarted({
      importId: run.importId,
      dataset: name,
      columns: columnsOf(plan),
      sourceColumns: plan.sourceColumns,
      source: tellSource(written),
      bytesTotal: run.cutFile.size,
      startedAt: now.toISOString(),
    }),
    ...(await beginLoading(tx, run)),
  ];
}

function shapeOf({
  tableName,
  columns,
  keys,
}: Dataset): Pick<Dataset, 'tableName' | 'columns' | 'keys'> {
  return { tableName, columns, keys };
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
