import { LoadChunk, type Outgoing, ReportProgress } from '@offload/contracts';
import { Handles, type HandlerContext, type MessageHandler } from '@offload/messaging';
import { FileStore } from '@offload/storage';
import { chunksInHand } from '../config.js';
import { copyChunk } from './copy-chunk.js';
import { enterInLedger, recordRows } from './import-ledger.js';
import { ImportRun } from './import-run.entity.js';
import { ImportNotFound } from './imports.errors.js';

/**
 * Stores the rows of one chunk, its rejected rows and its line in the ledger, in one transaction.
 *
 * No row of the import is locked meanwhile, so chunks load side by side, here and on other replicas;
 * the report that follows the commit adds them up.
 */
@Handles(LoadChunk, { queue: 'ingest.load-chunk', prefetch: chunksInHand })
export class LoadChunkHandler implements MessageHandler<typeof LoadChunk> {
  constructor(private readonly files: FileStore) {}

  async handle({ importId, chunk }: LoadChunk, { tx }: HandlerContext): Promise<Outgoing[]> {
    const run = await tx.findOneBy(ImportRun, { importId });
    if (!run) throw new ImportNotFound(importId);
    if (!run.isLoading || !(await enterInLedger(tx, importId, chunk))) return [];

    const { rowsLoaded, rejected } = await copyChunk(tx, this.files, run, chunk);
    await recordRows(tx, importId, chunk.number, rowsLoaded, rejected);
    return [ReportProgress({ importId })];
  }
}
