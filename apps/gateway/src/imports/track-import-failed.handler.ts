import { ImportFailed, type Outgoing } from '@offload/contracts';
import { type HandlerContext, Handles, type MessageHandler } from '@offload/messaging';
import { trackImport } from './track-import.js';

@Handles(ImportFailed, { queue: 'gateway.track-import-failed' })
export class TrackImportFailedHandler implements MessageHandler<typeof ImportFailed> {
  async handle(failed: ImportFailed, { tx }: HandlerContext): Promise<Outgoing[]> {
    await trackImport(tx, {
      importId: failed.importId,
      type: 'import-failed',
      take: (run) => run.fail(failed, new Date()),
    });
    return [];
  }
}
