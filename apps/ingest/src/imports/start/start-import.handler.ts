import { type Outgoing, StartImport } from '@offload/contracts';
import { Handles, type HandlerContext, type MessageHandler } from '@offload/messaging';
import { FileStore } from '@offload/storage';
import { ImportRun } from '../import-run.entity.js';
import { beginImport } from './begin-import.js';
import { aNewRun } from './new-run.js';

/**
 * Looks at the file, fits it to the dataset and begins to cut it.
 *
 * A file that cannot be imported as it is ends the import with words for the person who sent it; that
 * is a result, not a failure of ours. An import that was canceled before it was heard of is not begun.
 */
@Handles(StartImport, { queue: 'ingest.start-import' })
export class StartImportHandler implements MessageHandler<typeof StartImport> {
  constructor(private readonly files: FileStore) {}

  async handle(command: StartImport, { tx, envelope }: HandlerContext): Promise<Outgoing[]> {
    const { importId } = command;
    if (await tx.existsBy(ImportRun, { importId })) return [];
    const now = new Date();
    const run = aNewRun(command, envelope.tenantId, now);
    await tx.insert(ImportRun, run);
    return beginImport(tx, this.files, run, now);
  }
}
