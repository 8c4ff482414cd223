import { ImportFailed, type ImportTotals, type Outgoing, ReportProgress } from '@offload/contracts';
import type { EntityManager } from 'typeorm';
import type { ImportRun } from '../import-run.entity.js';
import { ledgerTotals } from '../progress/import-ledger.js';
import { importTotals } from '../progress/import-totals.js';
import { listRejections } from '../progress/rejected-rows.js';
import { endTurn } from '../turns/dataset-turns.js';
import { dropRows } from './drop-rows.js';
import { hasStoredRows } from './has-stored-rows.js';

/**
 * Ends an import that cannot be what it was asked to be, in words for the person who sent the file. Nothing of it stays:
 * where rows are in the dataset already, they are taken back out first. The caller holds the lock of the import.
 */
export async function failImport(
  tx: EntityManager,
  run: ImportRun,
  failure: { code: string; message: string },
  now: Date,
): Promise<Outgoing[]> {
  const { code, message } = failure;
  if (run.stop === null && hasStoredRows(run, run.state, await ledgerTotals(tx, run.importId))) {
    run.stop = { from: run.state, keepsRows: false, failure: { code, message } };
    run.state = 'canceling';
    await tx.save(run);
    return [ReportProgress({ importId: run.importId })];
  }
  return endFailed(tx, run, { code, message }, now);
}

/** Says that an import has failed, when nothing of it is left. */
export async function endFailed(
  tx: EntityManager,
  run: ImportRun,
  { code, message }: { code: string; message: string },
  now: Date,
): Promise<Outgoing[]> {
  const totals = withoutRows(importTotals(run, await ledgerTotals(tx, run.importId)));
  const rejections = await listRejections(tx, run.importId);
  const sequence = run.nextSequence(now);
  run.end('failed', now);
  await tx.save(run);
  await dropRows(tx, run);
  const [first] = rejections;
  const isAboutRow = code === 'row_rejected' && first !== undefined;
  return [
    ImportFailed({
      importId: run.importId,
      fileName: run.file?.name ?? '',
      code,
      message: isAboutRow ? `Line ${first.firstLine}: ${first.message} ${message}` : message,
      ...(run.plan ? { totals } : {}),
      rejections,
      sequence,
      failedAt: now.toISOString(),
      ...(run.notify ? { notify: run.notify } : {}),
    }),
    ...(await endTurn(tx, run)),
  ];
}

function withoutRows(totals: ImportTotals): ImportTotals {
  const none = { rowsCreated: 0, rowsUpdated: 0, rowsUnchanged: 0, rowsSkipped: 0 };
  return { ...totals, rowsLoaded: 0, ...none };
}
