import { ImportCanceled, type Outgoing } from '@offload/contracts';
import { type HandlerContext, Handles, type MessageHandler } from '@offload/messaging';
import { trackImport } from './track-import.js';

@Handles(ImportCanceled, { queue: 'gateway.track-import-canceled' })
export class TrackImportCanceledHandler implements MessageHandler<typeof ImportCanceled> {
  async handle(canceled: ImportCanceled, { tx }: HandlerContext): Promise<Outgoing[]> {
    await trackImport(tx, {
      importId: canceled.importId,
      type: 'import-canceled',
      take: (run) => run.cancel(canceled, new Date()),
    });
    return [];
  }
}
