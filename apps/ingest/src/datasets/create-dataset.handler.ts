import { CreateDataset, type Outgoing } from '@offload/contracts';
import { type HandlerContext, Handles, type MessageHandler } from '@offload/messaging';
import { databaseTime } from './database-time.js';
import { Dataset } from './dataset.entity.js';
import { findProblems } from './find-problems.js';
import { lockDataset } from './lock-dataset.js';
import { makeDataset } from './make-dataset.js';
import { tellDataset, tellRefusal } from './tell-dataset.js';

/** Makes an empty dataset, or says why it cannot be: that is a result, not a failure of ours. */
@Handles(CreateDataset, { queue: 'ingest.create-dataset' })
export class CreateDatasetHandler implements MessageHandler<typeof CreateDataset> {
  async handle(command: CreateDataset, { tx, envelope }: HandlerContext): Promise<Outgoing[]> {
    const { dataset: name, ...shape } = command;
    const { tenantId } = envelope;
    await lockDataset(tx, name);
    if (await tx.existsBy(Dataset, { tenantId, name })) {
      const message = `There is a dataset “${name}” already.`;
      return [tellRefusal(name, 'create', { code: 'dataset_exists', message })];
    }
    const problems = await findProblems(tx, shape);
    if (problems.length > 0) {
      const message = problems.map((problem) => problem.message).join(' ');
      return [tellRefusal(name, 'create', { code: 'invalid_dataset', message })];
    }
    const dataset = await makeDataset(tx, tenantId, name, shape);
    return [tellDataset(dataset, await databaseTime(tx))];
  }
}
