import { DatasetDropped, type Outgoing } from '@offload/contracts';
import { type HandlerContext, Handles, type MessageHandler } from '@offload/messaging';
import { trackDataset } from './track-dataset.js';

/** A dataset that is gone is not shown any more. */
@Handles(DatasetDropped, { queue: 'gateway.track-dataset-dropped' })
export class TrackDatasetDroppedHandler implements MessageHandler<typeof DatasetDropped> {
  async handle(dropped: DatasetDropped, { tx, envelope }: HandlerContext): Promise<Outgoing[]> {
    const { tenantId } = envelope;
    await trackDataset(tx, { tenantId, name: dropped.dataset }, (dataset) =>
      dataset.takeDropped(dropped),
    );
    return [];
  }
}
