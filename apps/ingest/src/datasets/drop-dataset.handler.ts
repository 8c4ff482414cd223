import { DatasetDropped, DropDataset, type Outgoing } from '@offload/contracts';
import { type HandlerContext, Handles, type MessageHandler } from '@offload/messaging';
import { attemptChange } from './attempt-change.js';
import { databaseTime } from './database-time.js';
import { Dataset } from './dataset.entity.js';
import { concernsOthers } from './datasets.errors.js';
import { findRunningImports } from './find-running-imports.js';
import { lockDataset } from './lock-dataset.js';
import { tableOf } from './table-of.js';
import { tellRefusal } from './tell-dataset.js';

/**
 * Drops a dataset with all its rows. One that is not there is as good as dropped.
 *
 * An import takes the same lock before it begins, so none can begin meanwhile.
 */
@Handles(DropDataset, { queue: 'ingest.drop-dataset', brakeOn: concernsOthers })
export class DropDatasetHandler implements MessageHandler<typeof DropDataset> {
  async handle(
    { dataset: name }: DropDataset,
    { tx, envelope }: HandlerContext,
  ): Promise<Outgoing[]> {
    await lockDataset(tx, name);
    const dataset = await tx.findOneBy(Dataset, { tenantId: envelope.tenantId, name });
    if (dataset) {
      const running = await findRunningImports(tx, dataset);
      if (running.length > 0) {
        const message = `Import ${running[0]} into “${name}” has not ended.`;
        return [tellRefusal(name, 'drop', { code: 'dataset_in_use', message })];
      }
      const complaint = await attemptChange(tx, async () => {
        await tx.query(`drop table if exists ${tableOf(dataset.tableName)}`);
      });
      if (complaint) {
        const message = `Other things in the database need the table: ${complaint.detail ?? complaint.message}.`;
        return [tellRefusal(name, 'drop', { code: 'dataset_in_use', message })];
      }
      await tx.delete(Dataset, { tenantId: dataset.tenantId, name });
    }
    const droppedAt = await databaseTime(tx);
    return [DatasetDropped({ dataset: name, droppedAt: droppedAt.toISOString() })];
  }
}
