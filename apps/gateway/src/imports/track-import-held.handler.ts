import { ImportHeld, type Outgoing } from '@offload/contracts';
import { type HandlerContext, Handles, type MessageHandler } from '@offload/messaging';
import { trackImport } from './track-import.js';

@Handles(ImportHeld, { queue: 'gateway.track-import-held' })
export class TrackImportHeldHandler implements MessageHandler<typeof ImportHeld> {
  async handle(held: ImportHeld, { tx }: HandlerContext): Promise<Outgoing[]> {
    await trackImport(tx, {
      importId: held.importId,
      type: 'import-held',
      take: (run) => run.hold(held, new Date()),
    });
    return [];
  }
}
