import { ImportProgressed, type Outgoing } from '@offload/contracts';
import { type HandlerContext, Handles, type MessageHandler } from '@offload/messaging';
import type { Import } from './import.entity.js';
import { importProgress } from './import-resource.js';
import { trackImport } from './track-import.js';

@Handles(ImportProgressed, { queue: 'gateway.track-import-progressed' })
export class TrackImportProgressedHandler implements MessageHandler<typeof ImportProgressed> {
  async handle(
    progressed: ImportProgressed,
    { tx, envelope }: HandlerContext,
  ): Promise<Outgoing[]> {
    await trackImport(tx, {
      importId: progressed.importId,
      type: 'import-progressed',
      take: (run) => run.progress(progressed, { at: new Date(envelope.time), now: new Date() }),
      tell: onlyProgress,
    });
    return [];
  }
}

/** It comes up to four times a second, so the columns are not told again each time. */
function onlyProgress(run: Import): unknown {
  return { id: run.id, object: 'import', state: run.state, progress: importProgress(run) };
}
