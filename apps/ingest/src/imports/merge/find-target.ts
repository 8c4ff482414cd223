import { isDeepStrictEqual } from 'node:util';
import type { EntityManager } from 'typeorm';
import { Dataset } from '../../datasets/dataset.entity.js';
import type { ImportRun } from '../import-run.entity.js';
import { madeAt } from '../revert/find-dataset.js';
import { openTarget } from './open-target.js';

export type Target =
  { dataset: Dataset | null } | { problem: { code: 'dataset_changed'; message: string } };

/**
 * Finds the dataset that rows are to be merged into, and makes sure that it is still the one that the import was planned
 * for. One that does not exist yet is made; a trial leaves that to its parts, and answers null.
 */
export async function findTarget(tx: EntityManager, run: ImportRun): Promise<Target> {
  const { tenantId, datasetName: name, options, resolved } = run;
  const existing = await tx.findOneBy(Dataset, { tenantId, name });
  if (!existing) {
    if (resolved.dataset.tableName !== null) return changed('It was dropped');
    return { dataset: run.state === 'counting' ? null : await openTarget(tx, run) };
  }
  const { columns, keys, madeAt: planned } = resolved.dataset;
  if (planned !== undefined && planned !== (await madeAt(tx, existing))) {
    return changed('Another one of its name was made');
  }
  const isSame =
    isDeepStrictEqual(existing.columns, columns) && isDeepStrictEqual(existing.keys, keys);
  if (!isSame) return changed('It has other columns or keys');
  const wasMade = resolved.dataset.tableName === null && existing.rows > 0;
  if (wasMade && options.mode === 'replace') return changed('It was made');
  return { dataset: existing };
}

function changed(how: string): Target {
  const message = `${how} since the file was looked at. Nothing of the file is stored; retry the import.`;
  return { problem: { code: 'dataset_changed', message } };
}
