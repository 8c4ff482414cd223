import type { EntityManager } from 'typeorm';
import { NotFound } from '../http/request-parts.js';
import type { Dataset } from './dataset.entity.js';
import { DatasetIsImportedInto, DatasetNotReady } from './datasets.errors.js';
import { lockDataset } from './track-dataset.js';

/** The id of an import into a dataset of a tenant that has not ended. Wired in app.module.ts. */
export type FindOpenImport = (
  tx: EntityManager,
  tenantId: string,
  dataset: string,
) => Promise<string | undefined>;

export const FIND_OPEN_IMPORT = Symbol('FIND_OPEN_IMPORT');

/**
 * A dataset in which nothing is being done, locked until the end of the transaction.
 *
 * Ingest looks once more when its turn comes; here a person learns at once what is in the way. Throws NotFound,
 * DatasetNotReady while something else is being done, and DatasetIsImportedInto.
 */
export async function lockIdle(
  tx: EntityManager,
  findOpenImport: FindOpenImport,
  tenantId: string,
  name: string,
): Promise<Dataset> {
  const dataset = await lockDataset(tx, tenantId, name);
  if (!dataset || dataset.state === 'dropped') throw new NotFound('dataset', name);
  if (dataset.isBusy) throw new DatasetNotReady(dataset);
  const importId = await findOpenImport(tx, tenantId, name);
  if (importId !== undefined) throw new DatasetIsImportedInto(name, importId);
  return dataset;
}
