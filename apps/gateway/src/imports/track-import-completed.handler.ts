import { ImportCompleted, type Outgoing } from '@offload/contracts';
import { type HandlerContext, Handles, type MessageHandler } from '@offload/messaging';
import { trackImport } from './track-import.js';

@Handles(ImportCompleted, { queue: 'gateway.track-import-completed' })
export class TrackImportCompletedHandler implements MessageHandler<typeof ImportCompleted> {
  async handle(completed: ImportCompleted, { tx }: HandlerContext): Promise<Outgoing[]> {
    await trackImport(tx, {
      importId: completed.importId,
      type: 'import-completed',
      take: (run) => run.complete(completed, new Date()),
    });
    return [];
  }
}
