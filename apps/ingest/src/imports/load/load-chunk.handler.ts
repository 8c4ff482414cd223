import { LoadChunk, type Outgoing, ReportProgress } from '@offload/contracts';
import { Handles, type HandlerContext, type MessageHandler, note } from '@offload/messaging';
import { FileStore } from '@offload/storage';
import { chunksInHand } from '../../config.js';
import { ChunkLoaded } from '../count/import-facts.js';
import { ImportRun } from '../import-run.entity.js';
import { ImportNotFound } from '../imports.errors.js';
import { enterInLedger, recordRows } from '../progress/import-ledger.js';
import { storeRejected } from '../progress/rejected-rows.js';
import { applyImportSettings } from '../staging/import-settings.js';
import { targetOf } from '../staging/staging-table.js';
import { copyChunk } from './copy-chunk.js';

/**
 * Stores the rows of one chunk, its rejected rows and its line in the ledger, in one transaction.
 *
 * The import is locked only against being ended meanwhile, so chunks load side by side, here and on other replicas;
 * the report that follows the commit adds them up.
 */
@Handles(LoadChunk, { queue: 'ingest.load-chunk', prefetch: chunksInHand })
export class LoadChunkHandler implements MessageHandler<typeof LoadChunk> {
  constructor(private readonly files: FileStore) {}

  async handle({ importId, chunk }: LoadChunk, { tx }: HandlerContext): Promise<Outgoing[]> {
    const run = await tx.findOne(ImportRun, {
      where: { importId },
      lock: { mode: 'for_key_share' },
    });
    if (!run) throw new ImportNotFound(importId);
    if (run.state !== 'loading' || !(await enterInLedger(tx, importId, chunk))) return [];

    await applyImportSettings(tx, importId);
    const { rowsLoaded, rejected, path } = await copyChunk(
      tx,
      this.files,
      run,
      targetOf(run),
      chunk,
    );
    await recordRows(tx, importId, chunk.number, {
      loaded: rowsLoaded,
      rejected: rejected.length,
    });
    await storeRejected(tx, importId, rejected);
    const isDirect = run.resolved.sink === 'direct';
    note(
      tx,
      new ChunkLoaded({
        bytes: chunk.to - chunk.from,
        path,
        stored: isDirect ? rowsLoaded : 0,
        setAside: isDirect ? 0 : rowsLoaded,
        rejected: rejected.length,
      }),
    );
    return [ReportProgress({ importId })];
  }
}
