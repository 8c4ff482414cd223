import { FixRows, ImportProgressed, type Outgoing, RevertRows } from '@offload/contracts';
import type { EntityManager } from 'typeorm';
import { completeImport, holdImport } from '../endings/complete-import.js';
import { failImport } from '../endings/fail-import.js';
import type { ImportRun, RunState } from '../import-run.entity.js';
import { sendChunks } from '../load/begin-loading.js';
import { beginMerge, sendParts } from '../merge/begin-merge.js';
import { findTarget } from '../merge/find-target.js';
import { beginUndo } from '../revert/begin-undo.js';
import { madeAt } from '../revert/find-dataset.js';
import { stopImport } from '../endings/stop-import.js';
import { meetingKeys } from '../staging/staging-table.js';
import { askForTurn } from '../turns/dataset-turns.js';
import { ledgerTotals, type LedgerTotals } from './import-ledger.js';
import { importTotals, rowsOf } from './import-totals.js';
import { judgeLimit } from './judge-limit.js';

/**
 * Takes the next step of an import, if it is time for it, and otherwise says how far it has come.
 *
 * This is where an import moves from one state to the next; the handlers of chunks, parts and stretches only write what
 * they have done into the ledger and ask for this. It may be asked for at any time and any number of times. The caller
 * holds the lock of the import.
 */
export function advanceImport(tx: EntityManager, run: ImportRun, now: Date): Promise<Outgoing[]> {
  return STEPS[run.state](tx, run, now);
}

type Step = (tx: EntityManager, run: ImportRun, now: Date) => Promise<Outgoing[]>;

/** A conversion tells its own progress; what is held or has ended moves only when somebody asks for it. */
const nothing: Step = async () => [];

const STEPS: Record<RunState, Step> = {
  converting: nothing,
  waiting: goOnLoading,
  loading: advanceLoading,
  counting: advanceMerge,
  held: nothing,
  merging: advanceMerge,
  fixing: goOnFixing,
  canceling: stopImport,
  reverting: goOnReverting,
  completed: nothing,
  failed: nothing,
  canceled: nothing,
  reverted: nothing,
};

async function goOnLoading(tx: EntityManager, run: ImportRun): Promise<Outgoing[]> {
  if (!run.plan || !(await askForTurn(tx, run, 'shared'))) return [];
  run.state = 'loading';
  await tx.save(run);
  return sendChunks(tx, run);
}

async function advanceLoading(tx: EntityManager, run: ImportRun, now: Date): Promise<Outgoing[]> {
  const ledger = await ledgerTotals(tx, run.importId);
  const isComplete = run.chunksTotal !== null && ledger.chunks === run.chunksTotal;
  const { loaded, rejected } = rowsOf(ledger);
  const broken = judgeLimit(run.options, {
    rejected,
    ...(isComplete ? { rows: loaded + rejected } : {}),
  });
  if (broken) return failImport(tx, run, broken, now);
  if (!isComplete) return tellProgress(tx, run, ledger, now);
  if (run.resolved.sink === 'direct') return completeImport(tx, run, now);
  run.state = run.options.dryRun || run.options.holdForReview ? 'counting' : 'merging';
  return advanceMerge(tx, run, now);
}

async function advanceMerge(tx: EntityManager, run: ImportRun, now: Date): Promise<Outgoing[]> {
  const { sink } = run.resolved;
  const isShared = sink === 'merge' && meetingKeys(run.resolved).length === 0;
  const isItsTurn = await askForTurn(tx, run, isShared ? 'shared' : 'exclusive');
  const before = await ledgerTotals(tx, run.importId);
  if (!isItsTurn) {
    await tx.save(run);
    return tellProgress(tx, run, before, now);
  }
  const sent = await sendMerge(tx, run, now);
  if (run.hasEnded || sent.length > 0) return sent;

  const ledger = await ledgerTotals(tx, run.importId);
  const { merge } = ledger;
  const { loaded, rejected } = rowsOf(ledger);
  const broken = judgeLimit(run.options, { rejected, rows: loaded + rejected });
  if (broken) return failImport(tx, run, broken, now);
  if (merge.partsDone < merge.parts) return tellProgress(tx, run, ledger, now);
  if (run.state === 'counting' && !run.options.dryRun) return holdImport(tx, run, now);
  return completeImport(tx, run, now);
}

/** The messages that have the parts merged, when they have not been sent yet. */
async function sendMerge(tx: EntityManager, run: ImportRun, now: Date): Promise<Outgoing[]> {
  if (run.merge && !run.merge.isPaused) return [];
  const target = await findTarget(tx, run);
  if ('problem' in target) return failImport(tx, run, target.problem, now);
  if (run.merge) {
    run.merge = { ...run.merge, isPaused: false };
    await tx.save(run);
    return sendParts(tx, run);
  }
  if (target.dataset) {
    const dataset = { ...run.resolved.dataset, madeAt: await madeAt(tx, target.dataset) };
    run.plan = { ...run.resolved, dataset };
  }
  const sent = await beginMerge(tx, run, target.dataset);
  await tx.save(run);
  return sent;
}

/** An import that is being fixed or reverted has had the dataset before, and needs it for itself now. */
async function goOnFixing(tx: EntityManager, run: ImportRun): Promise<Outgoing[]> {
  if (!run.fix || !(await askForTurn(tx, run, 'exclusive'))) return [];
  return [FixRows({ importId: run.importId, ...run.fix })];
}

async function goOnReverting(tx: EntityManager, run: ImportRun, now: Date): Promise<Outgoing[]> {
  if (run.undo) {
    return tellProgress(tx, run, await ledgerTotals(tx, run.importId), now);
  }
  if (!(await askForTurn(tx, run, 'exclusive'))) return [];
  await beginUndo(tx, run, 'revert');
  await tx.save(run);
  return [RevertRows({ importId: run.importId })];
}

async function tellProgress(
  tx: EntityManager,
  run: ImportRun,
  ledger: LedgerTotals,
  now: Date,
): Promise<Outgoing[]> {
  if (run.hasJustReported(now)) return [];
  const sequence = run.nextSequence(now);
  const { importId, reportedAt } = run;
  await tx.update('import_run', { importId }, { sequence, reportedAt });
  return [ImportProgressed({ importId, sequence, ...importTotals(run, ledger) })];
}
