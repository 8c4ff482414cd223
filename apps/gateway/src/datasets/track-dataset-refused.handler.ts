import { DatasetRefused, type Outgoing } from '@offload/contracts';
import { type HandlerContext, Handles, type MessageHandler } from '@offload/messaging';
import { trackDataset } from './track-dataset.js';

/** Shows people why what they asked of a dataset was not done. */
@Handles(DatasetRefused, { queue: 'gateway.track-dataset-refused' })
export class TrackDatasetRefusedHandler implements MessageHandler<typeof DatasetRefused> {
  async handle(refused: DatasetRefused, { tx, envelope }: HandlerContext): Promise<Outgoing[]> {
    const { tenantId, correlationId } = envelope;
    await trackDataset(tx, { tenantId, name: refused.dataset }, (dataset) =>
      dataset.takeRefused(refused, correlationId),
    );
    return [];
  }
}
