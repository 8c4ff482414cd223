import { ImportCanceled, type Outgoing, RevertRows } from '@offload/contracts';
import type { EntityManager } from 'typeorm';
import type { ImportRun } from '../import-run.entity.js';
import { clearLedger, ledgerTotals } from '../progress/import-ledger.js';
import { importTotals } from '../progress/import-totals.js';
import { lockAgainstWork } from '../progress/lock-run.js';
import { forgetMerge } from '../merge/forget-merge.js';
import { beginUndo } from '../revert/begin-undo.js';
import { endTurn } from '../turns/dataset-turns.js';
import { completeImport } from './complete-import.js';
import { countRows } from './count-rows.js';
import { dropBefore, dropRows } from './drop-rows.js';
import { endFailed } from './fail-import.js';
import { hasStoredRows } from './has-stored-rows.js';

/**
 * Ends an import that was told to stop, once the chunks and parts in hand are committed: with the rows that it has stored,
 * or after they are taken back out. The caller holds the lock of the import.
 */
export async function stopImport(
  tx: EntityManager,
  run: ImportRun,
  now: Date,
): Promise<Outgoing[]> {
  const { stop } = run;
  if (!stop) throw new Error(`Import ${run.importId} was not told to stop.`);
  await lockAgainstWork(tx, run.importId);
  const ledger = await ledgerTotals(tx, run.importId);
  const isSwappedIn =
    run.plan?.sink === 'replace' &&
    stop.from === 'merging' &&
    ledger.merge.parts > 0 &&
    ledger.merge.partsDone === ledger.merge.parts;
  if (isSwappedIn) {
    run.stop = null;
    return completeImport(tx, run, now);
  }
  if (!stop.keepsRows && hasStoredRows(run, stop.from, ledger)) {
    await beginUndo(tx, run, 'stop');
    await tx.save(run);
    return [RevertRows({ importId: run.importId })];
  }
  return endStopped(tx, run, now);
}

/** Says that an import has stopped for good. What it has set aside stays only where it may go on with it. */
export async function endStopped(
  tx: EntityManager,
  run: ImportRun,
  now: Date,
): Promise<Outgoing[]> {
  const { stop, importId } = run;
  if (!stop) throw new Error(`Import ${importId} was not told to stop.`);
  const kept = stop.keepsRows ? await keepRows(tx, run) : await forgetRows(tx, run);
  if (stop.failure) return [...kept, ...(await endFailed(tx, run, stop.failure, now))];

  const totals = importTotals(run, await ledgerTotals(tx, importId));
  const sequence = run.nextSequence(now);
  run.end('canceled', now);
  await tx.save(run);
  return [
    ...kept,
    ImportCanceled({
      ...totals,
      importId,
      sequence,
      fileName: run.file?.name ?? '',
      keptRows: stop.keepsRows,
      canceledAt: now.toISOString(),
      ...(run.notify ? { notify: run.notify } : {}),
    }),
    ...(await endTurn(tx, run)),
  ];
}

async function keepRows(tx: EntityManager, run: ImportRun): Promise<Outgoing[]> {
  const ledger = await ledgerTotals(tx, run.importId);
  if (!run.stop || !hasStoredRows(run, run.stop.from, ledger)) {
    await forgetMerge(tx, run);
    return [];
  }
  if (run.merge) run.merge = { ...run.merge, isPaused: true };
  return countRows(tx, run, importTotals(run, ledger).rowsCreated);
}

/** Whatever goes on with it begins from the start. Rows that somebody has changed meanwhile are still in the dataset. */
async function forgetRows(tx: EntityManager, run: ImportRun): Promise<Outgoing[]> {
  const left = run.undo ? importTotals(run, await ledgerTotals(tx, run.importId)).rowsCreated : 0;
  const told = left > 0 || run.countedRows > 0 ? await countRows(tx, run, left) : [];
  await dropRows(tx, run);
  await dropBefore(tx, run);
  if (run.stop?.failure) return told;
  await clearLedger(tx, run.importId);
  Object.assign(run, { merge: null, undo: null, chunksTotal: null, splitAt: null, dataFrom: 0 });
  return told;
}
