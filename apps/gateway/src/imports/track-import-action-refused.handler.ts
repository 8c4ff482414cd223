import { ActionRefused, type Outgoing } from '@offload/contracts';
import { type HandlerContext, Handles, type MessageHandler } from '@offload/messaging';
import { trackImport } from './track-import.js';

@Handles(ActionRefused, { queue: 'gateway.track-import-action-refused' })
export class TrackImportActionRefusedHandler implements MessageHandler<typeof ActionRefused> {
  async handle(refused: ActionRefused, { tx }: HandlerContext): Promise<Outgoing[]> {
    await trackImport(tx, {
      importId: refused.importId,
      type: 'action-refused',
      take: (run) => run.refuse(refused),
    });
    return [];
  }
}
