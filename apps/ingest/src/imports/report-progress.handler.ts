import {
  ImportCompleted,
  ImportProgressed,
  type Outgoing,
  ReportProgress,
} from '@offload/contracts';
import { Handles, type HandlerContext, type MessageHandler } from '@offload/messaging';
import type { EntityManager } from 'typeorm';
import { Dataset } from '../datasets/dataset.entity.js';
import { tellDataset } from '../datasets/tell-dataset.js';
import { ledgerTotals, listRejections } from './import-ledger.js';
import { ImportRun, type LedgerTotals } from './import-run.entity.js';
import { ImportNotFound } from './imports.errors.js';

/**
 * Adds up the ledger, says how far the import has come, and ends it when every chunk is there.
 *
 * Each committed chunk causes one of these after its commit, so the report of the chunk that commits
 * last sees them all. The lock makes one of two such reports the one that ends the import. It is the
 * weaker kind on purpose: a chunk that is being loaded holds a key share lock on the import through its
 * foreign key, and FOR UPDATE would make every report wait for all chunks in hand.
 */
@Handles(ReportProgress, { queue: 'ingest.report-progress' })
export class ReportProgressHandler implements MessageHandler<typeof ReportProgress> {
  async handle({ importId }: ReportProgress, { tx }: HandlerContext): Promise<Outgoing[]> {
    const run = await tx.findOne(ImportRun, {
      where: { importId },
      lock: { mode: 'for_no_key_update' },
    });
    if (!run) throw new ImportNotFound(importId);
    if (!run.isLoading) return [];

    const now = new Date();
    const totals = await ledgerTotals(tx, importId);
    if (run.isComplete(totals)) return complete(tx, run, totals, now);
    if (run.hasJustReported(now)) return [];

    const progress = run.report(totals, now);
    await tx.save(run);
    return [ImportProgressed({ importId, ...progress })];
  }
}

async function complete(
  tx: EntityManager,
  run: ImportRun,
  totals: LedgerTotals,
  now: Date,
): Promise<Outgoing[]> {
  const progress = run.report(totals, now);
  run.complete(now);
  await tx.save(run);
  const dataset = await tx.findOneOrFail(Dataset, {
    where: { tenantId: run.tenantId, name: run.datasetName },
    lock: { mode: 'pessimistic_write' },
  });
  dataset.rows += totals.rowsLoaded;
  await tx.save(dataset);
  return [
    tellDataset(dataset, now),
    ImportCompleted({
      ...progress,
      importId: run.importId,
      bytesDone: run.file.size,
      dataset: dataset.name,
      fileName: run.file.name,
      startedAt: run.startedAt.toISOString(),
      finishedAt: now.toISOString(),
      rejections: await listRejections(tx, run.importId),
      ...(run.notify ? { notify: run.notify } : {}),
    }),
  ];
}
