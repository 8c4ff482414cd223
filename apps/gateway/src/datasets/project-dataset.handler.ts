import { DatasetChanged, type Outgoing } from '@offload/contracts';
import { type HandlerContext, Handles, type MessageHandler } from '@offload/messaging';
import { trackDataset } from './track-dataset.js';

/** Keeps what ingest says of its datasets; what it said earlier and comes later changes nothing. */
@Handles(DatasetChanged, { queue: 'gateway.project-dataset' })
export class ProjectDatasetHandler implements MessageHandler<typeof DatasetChanged> {
  async handle(changed: DatasetChanged, { tx, envelope }: HandlerContext): Promise<Outgoing[]> {
    const { tenantId, correlationId } = envelope;
    await trackDataset(tx, { tenantId, name: changed.dataset }, (dataset) =>
      dataset.takeChanged(changed, correlationId),
    );
    return [];
  }
}
