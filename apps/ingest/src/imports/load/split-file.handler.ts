import { LoadChunk, type Outgoing, ReportProgress, SplitFile } from '@offload/contracts';
import { FileRefused, type ScanPosition } from '@offload/formats';
import { Handles, type HandlerContext, type MessageHandler } from '@offload/messaging';
import { FileStore } from '@offload/storage';
import { failImport } from '../endings/fail-import.js';
import { ImportRun } from '../import-run.entity.js';
import { ImportNotFound } from '../imports.errors.js';
import { noteSlices } from '../progress/import-ledger.js';
import { lockRun } from '../progress/lock-run.js';
import { cutFile, type Stretch } from './cut-file.js';

/**
 * Cuts one stretch of the file, sends its chunks to be loaded, and sends itself on to the next.
 *
 * Only the stretch that is next is cut, so one that comes late or twice does nothing.
 */
@Handles(SplitFile, { queue: 'ingest.split-file', prefetch: 2 })
export class SplitFileHandler implements MessageHandler<typeof SplitFile> {
  constructor(private readonly files: FileStore) {}

  async handle({ importId, at }: SplitFile, { tx }: HandlerContext): Promise<Outgoing[]> {
    const before = await tx.findOneBy(ImportRun, { importId });
    if (!before) throw new ImportNotFound(importId);
    if (!isNext(before, at)) return [];
    const stretch = await this.cut(before, before.splitAt);

    // Not sooner: reports would wait for as long as it takes to read the file.
    const run = await lockRun(tx, importId);
    if (!isNext(run, at)) return [];
    if (stretch instanceof FileRefused) return failImport(tx, run, stretch, new Date());

    const { chunks, next } = stretch;
    await noteSlices(tx, importId, chunks);
    const loads = chunks.map(({ lines: _lines, ...chunk }) => LoadChunk({ importId, chunk }));
    if (!next) {
      Object.assign(run, { splitAt: null, chunksTotal: run.splitAt.chunk + chunks.length });
      await tx.save(run);
      // The last chunk may have been loaded and reported before this is known, or there may be none.
      return [...loads, ReportProgress({ importId })];
    }
    run.splitAt = next;
    await tx.save(run);
    const { chunk: nextChunk, ...position } = next;
    return [...loads, SplitFile({ importId, at: position, nextChunk })];
  }

  private async cut(run: ImportRun, position: ScanPosition): Promise<Stretch | FileRefused> {
    try {
      return await cutFile(this.files, run.cutFile, run.resolved.source, position);
    } catch (error) {
      if (error instanceof FileRefused) return error;
      throw error;
    }
  }
}

function isNext(run: ImportRun, at: SplitFile['at']): run is ImportRun & { splitAt: ScanPosition } {
  return run.state === 'loading' && run.splitAt?.offset === at.offset;
}
