import { ImportReverted, type Outgoing } from '@offload/contracts';
import { type HandlerContext, Handles, type MessageHandler } from '@offload/messaging';
import { trackImport } from './track-import.js';

@Handles(ImportReverted, { queue: 'gateway.track-import-reverted' })
export class TrackImportRevertedHandler implements MessageHandler<typeof ImportReverted> {
  async handle(reverted: ImportReverted, { tx }: HandlerContext): Promise<Outgoing[]> {
    await trackImport(tx, {
      importId: reverted.importId,
      type: 'import-reverted',
      take: (run) => run.revert(reverted, new Date()),
    });
    return [];
  }
}
