import {
  ImportFailed,
  LoadChunk,
  type Outgoing,
  ReportProgress,
  SplitFile,
} from '@offload/contracts';
import { Handles, type HandlerContext, type MessageHandler } from '@offload/messaging';
import { FileStore } from '@offload/storage';
import { FileRefused } from '@offload/formats';
import { cutFile, type Stretch } from './cut-file.js';
import { ImportRun } from './import-run.entity.js';
import { ImportNotFound } from './imports.errors.js';

/** Cuts one stretch of the file, sends its chunks to be loaded, and sends itself on to the next. */
@Handles(SplitFile, { queue: 'ingest.split-file', prefetch: 2 })
export class SplitFileHandler implements MessageHandler<typeof SplitFile> {
  constructor(private readonly files: FileStore) {}

  async handle(
    { importId, at, nextChunk }: SplitFile,
    { tx }: HandlerContext,
  ): Promise<Outgoing[]> {
    const run = await tx.findOneBy(ImportRun, { importId });
    if (!run) throw new ImportNotFound(importId);
    if (!run.isLoading || !run.dialect) return [];

    const stretch = await this.cut(run, run.dialect, { ...at, chunk: nextChunk });
    if (stretch instanceof FileRefused) {
      const failure = run.fail(stretch, new Date());
      await tx.update(ImportRun, { importId }, { state: run.state, endedAt: run.endedAt });
      return [ImportFailed(failure)];
    }

    const loads = stretch.chunks.map(({ lines: _lines, ...chunk }) =>
      LoadChunk({ importId, chunk }),
    );
    if (stretch.next) {
      const { chunk, ...position } = stretch.next;
      return [...loads, SplitFile({ importId, at: position, nextChunk: chunk })];
    }
    const chunksTotal = nextChunk + stretch.chunks.length;
    await tx.update(ImportRun, { importId }, { chunksTotal });
    // The last chunk may have been loaded and reported before this is known, or there may be none.
    return [...loads, ReportProgress({ importId })];
  }

  private async cut(
    { file }: ImportRun,
    dialect: NonNullable<ImportRun['dialect']>,
    position: Parameters<typeof cutFile>[3],
  ): Promise<Stretch | FileRefused> {
    try {
      return await cutFile(this.files, file, dialect, position);
    } catch (error) {
      if (error instanceof FileRefused) return error;
      throw error;
    }
  }
}
