import { ImportStarted, type Outgoing } from '@offload/contracts';
import { type HandlerContext, Handles, type MessageHandler } from '@offload/messaging';
import { trackImport } from './track-import.js';

@Handles(ImportStarted, { queue: 'gateway.track-import-started' })
export class TrackImportStartedHandler implements MessageHandler<typeof ImportStarted> {
  async handle(started: ImportStarted, { tx }: HandlerContext): Promise<Outgoing[]> {
    await trackImport(tx, {
      importId: started.importId,
      type: 'import-started',
      take: (run) => run.start(started),
    });
    return [];
  }
}
