import { ImportReverted, type Outgoing, ReportProgress, RevertRows } from '@offload/contracts';
import { Handles, type HandlerContext, type MessageHandler } from '@offload/messaging';
import type { EntityManager } from 'typeorm';
import { concernsOthers } from '../../datasets/datasets.errors.js';
import { countRows } from '../endings/count-rows.js';
import { dropBefore, dropRows } from '../endings/drop-rows.js';
import { endStopped } from '../endings/stop-import.js';
import type { ImportRun, UndoState } from '../import-run.entity.js';
import { ledgerTotals } from '../progress/import-ledger.js';
import { importTotals } from '../progress/import-totals.js';
import { lockRun } from '../progress/lock-run.js';
import { findReplaced } from '../replace/replaced-table.js';
import { applyImportSettings, withBulkStatements } from '../staging/import-settings.js';
import { endTurn } from '../turns/dataset-turns.js';
import { findDataset } from './find-dataset.js';
import { restoreTable } from './restore-table.js';
import { undoTables } from './undo-sql.js';
import { undoStretch } from './undo-stretch.js';

/** Takes the next stretch of an import's rows back out of its dataset, and sends itself on, or ends. */
@Handles(RevertRows, {
  queue: 'ingest.revert-rows',
  prefetch: 2,
  attempts: 12,
  brakeOn: concernsOthers,
})
export class RevertRowsHandler implements MessageHandler<typeof RevertRows> {
  async handle({ importId }: RevertRows, { tx }: HandlerContext): Promise<Outgoing[]> {
    const run = await lockRun(tx, importId);
    const { undo, state } = run;
    if (state !== 'reverting' || !undo) return [];
    await applyImportSettings(tx, importId);
    const next = await withBulkStatements(tx, () => takeBack(tx, run, undo));
    if (next) {
      run.undo = next;
      await tx.save(run);
      return [RevertRows({ importId }), ReportProgress({ importId })];
    }
    const now = new Date();
    return undo.purpose === 'stop' ? endStopped(tx, run, now) : endReverted(tx, run, now);
  }
}

/** Answers how far it has come; undefined when nothing is left. */
async function takeBack(
  tx: EntityManager,
  run: ImportRun,
  undo: UndoState,
): Promise<UndoState | undefined> {
  const dataset = await findDataset(tx, run);
  if (!dataset) return undefined;
  if (undo.step !== 'swap') return undoStretch(tx, await undoTables(tx, run, dataset), undo);
  const replaced = await findReplaced(tx, run.importId);
  if (!replaced || replaced.holds === 'after') return undefined;
  const counts = await restoreTable(tx, run, dataset, replaced);
  const total = counts.removed + counts.restored + counts.kept;
  return { ...undo, ...counts, total };
}

async function endReverted(tx: EntityManager, run: ImportRun, now: Date): Promise<Outgoing[]> {
  const ledger = await ledgerTotals(tx, run.importId);
  const totals = importTotals(run, ledger);
  const isReplace = run.resolved.sink === 'replace';
  if (isReplace) run.countedRows = 0;
  const told = await countRows(tx, run, isReplace ? 0 : totals.rowsCreated);
  const sequence = run.nextSequence(now);
  run.end('reverted', now);
  await tx.save(run);
  if (!isReplace) await dropRows(tx, run);
  await dropBefore(tx, run);
  const { removed, restored, kept } = run.undo ?? { removed: 0, restored: 0, kept: 0 };
  return [
    ...told,
    ImportReverted({
      importId: run.importId,
      dryRun: false,
      rowsRemoved: removed,
      rowsRestored: restored,
      rowsKept: kept,
      totals,
      sequence,
      revertedAt: now.toISOString(),
    }),
    ...(await endTurn(tx, run)),
  ];
}
