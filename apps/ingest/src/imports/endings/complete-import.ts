import { ImportCompleted, ImportHeld, type Outgoing } from '@offload/contracts';
import type { EntityManager } from 'typeorm';
import type { ImportRun } from '../import-run.entity.js';
import { ledgerTotals } from '../progress/import-ledger.js';
import { importTotals } from '../progress/import-totals.js';
import { listRejections } from '../progress/rejected-rows.js';
import { endTurn } from '../turns/dataset-turns.js';
import { countRows } from './count-rows.js';
import { dropRows } from './drop-rows.js';

/**
 * Ends an import whose every record is a row of the dataset or a reported rejected row. The caller holds the lock of the
 * import.
 */
export async function completeImport(
  tx: EntityManager,
  run: ImportRun,
  now: Date,
): Promise<Outgoing[]> {
  run.end('completed', now);
  const totals = importTotals(run, await ledgerTotals(tx, run.importId));
  const sequence = run.nextSequence(now);
  // The exchange of tables has set the number of rows.
  if (run.plan?.sink === 'replace' && run.countedRows === 0) run.countedRows = totals.rowsCreated;
  const told = run.options.dryRun ? [] : await countRows(tx, run, totals.rowsCreated);
  await tx.save(run);
  await dropRows(tx, run);
  return [
    ...told,
    ImportCompleted({
      ...totals,
      importId: run.importId,
      sequence,
      dataset: run.datasetName,
      fileName: run.file?.name ?? '',
      startedAt: run.startedAt.toISOString(),
      finishedAt: now.toISOString(),
      rejections: await listRejections(tx, run.importId),
      dryRun: run.options.dryRun,
      mode: run.options.mode,
      ...(run.notify ? { notify: run.notify } : {}),
    }),
    ...(await endTurn(tx, run)),
  ];
}

/** Holds an import whose rows are set aside and counted, until somebody confirms it. Others may have the dataset. */
export async function holdImport(
  tx: EntityManager,
  run: ImportRun,
  now: Date,
): Promise<Outgoing[]> {
  run.state = 'held';
  run.merge = null;
  const totals = importTotals(run, await ledgerTotals(tx, run.importId));
  const sequence = run.nextSequence(now);
  await tx.save(run);
  return [
    ImportHeld({
      ...totals,
      importId: run.importId,
      sequence,
      rejections: await listRejections(tx, run.importId),
      heldAt: now.toISOString(),
    }),
    ...(await endTurn(tx, run)),
  ];
}
