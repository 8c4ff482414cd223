import { type Outgoing, PrepareFile } from '@offload/contracts';
import { FileRefused } from '@offload/formats';
import { Handles, type HandlerContext, type MessageHandler } from '@offload/messaging';
import { FileStore } from '@offload/storage';
import { DataSource } from 'typeorm';
import { failImport } from '../endings/fail-import.js';
import { ImportRun } from '../import-run.entity.js';
import { ImportNotFound } from '../imports.errors.js';
import { allowIdling } from '../staging/import-settings.js';
import { findRun } from '../progress/lock-run.js';
import { planAndLoad } from './begin-import.js';
import { convertFile } from './convert-file.js';
import { lookInto } from './look-into.js';
import { sourceFile } from './source-file.js';
import { WatchConversion } from './watch-conversion.js';

/**
 * Makes a file plain that cannot be cut as it is, and begins to load the plain copy.
 *
 * The copy has a key of its own that follows from the import, so a conversion that was broken off is done again over
 * what is left of it. It may take minutes, and meanwhile it tells how far it has come, and sees whether the import was
 * canceled.
 */
@Handles(PrepareFile, { queue: 'ingest.prepare-file', prefetch: 2 })
export class PrepareFileHandler implements MessageHandler<typeof PrepareFile> {
  constructor(
    private readonly files: FileStore,
    private readonly dataSource: DataSource,
  ) {}

  async handle({ importId }: PrepareFile, { tx, envelope }: HandlerContext): Promise<Outgoing[]> {
    const before = await tx.findOneBy(ImportRun, { importId });
    if (!before) throw new ImportNotFound(importId);
    const { file, options, tenantId } = before;
    if (before.state !== 'converting' || !file) return [];

    await allowIdling(tx);
    const watch = new WatchConversion(this.dataSource, importId, envelope);
    const key = `${tenantId}/${importId}`;
    const converted = await convertFile(this.files, { file, key, options, watch });
    if (converted === 'stopped') return [];

    const run = await findRun(tx, importId);
    if (run?.state !== 'converting') return [];
    const now = new Date();
    if (converted instanceof FileRefused) return failImport(tx, run, converted, now);
    run.plain = { key, size: converted.size };
    const plain = sourceFile(this.files, { key, name: file.name, size: converted.size });
    const { plain: source, written } = converted;
    const found = await lookInto(plain, { source, values: options.values });
    if (found instanceof FileRefused) return failImport(tx, run, found, now);
    return planAndLoad(tx, run, found, written, now);
  }
}
