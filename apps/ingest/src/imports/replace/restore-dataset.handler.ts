import { DatasetRefused, type Outgoing, RestoreDataset } from '@offload/contracts';
import { Handles, type HandlerContext, type MessageHandler } from '@offload/messaging';
import { databaseTime } from '../../datasets/database-time.js';
import { Dataset } from '../../datasets/dataset.entity.js';
import { concernsOthers } from '../../datasets/datasets.errors.js';
import { findRunningImports } from '../../datasets/find-running-imports.js';
import { lockDataset } from '../../datasets/lock-dataset.js';
import { tellDataset } from '../../datasets/tell-dataset.js';
import { ImportRun } from '../import-run.entity.js';
import { findDataset } from '../revert/find-dataset.js';
import { exchange } from '../revert/restore-table.js';
import { findReplaced } from './replaced-table.js';

/**
 * Gives a dataset the rows that it had before an import replaced them, all of them and no others. What it has now is kept
 * in their place, so that asking once more brings it back.
 */
@Handles(RestoreDataset, { queue: 'ingest.restore-dataset', brakeOn: concernsOthers })
export class RestoreDatasetHandler implements MessageHandler<typeof RestoreDataset> {
  async handle(
    { dataset: name, importId }: RestoreDataset,
    { tx, envelope }: HandlerContext,
  ): Promise<Outgoing[]> {
    const { tenantId } = envelope;
    await lockDataset(tx, name);
    const dataset = await tx.findOneBy(Dataset, { tenantId, name });
    if (!dataset) return [refuse(name, 'dataset_not_found', `There is no dataset “${name}”.`)];
    const [running] = await findRunningImports(tx, dataset);
    if (running) {
      const message = `Import ${running} into “${name}” has not ended.`;
      return [refuse(name, 'dataset_in_use', message)];
    }
    const replaced = await findReplaced(tx, importId);
    const run = await tx.findOneBy(ImportRun, { importId, tenantId, datasetName: name });
    const isOfThis = replaced && run && (await findDataset(tx, run));
    if (!isOfThis) {
      const message = `No rows of “${name}” from before import ${importId} are kept.`;
      return [refuse(name, 'nothing_to_restore', message)];
    }
    await exchange(tx, dataset, replaced, replaced.rows);
    return [tellDataset(dataset, await databaseTime(tx))];
  }
}

function refuse(dataset: string, code: string, message: string): Outgoing {
  const refusedAt = new Date().toISOString();
  return DatasetRefused({ dataset, action: 'restore', code, message, refusedAt });
}
