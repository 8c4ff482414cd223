import { ImportResumed, type Outgoing } from '@offload/contracts';
import { type HandlerContext, Handles, type MessageHandler } from '@offload/messaging';
import { trackImport } from './track-import.js';

@Handles(ImportResumed, { queue: 'gateway.track-import-resumed' })
export class TrackImportResumedHandler implements MessageHandler<typeof ImportResumed> {
  async handle(resumed: ImportResumed, { tx }: HandlerContext): Promise<Outgoing[]> {
    await trackImport(tx, {
      importId: resumed.importId,
      type: 'import-resumed',
      take: (run) => run.resume(resumed, new Date()),
    });
    return [];
  }
}
