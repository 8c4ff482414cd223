import { MergeRows, type Outgoing, ReportProgress } from '@offload/contracts';
import { Handles, type HandlerContext, type MessageHandler, note } from '@offload/messaging';
import { FileStore } from '@offload/storage';
import type { EntityManager } from 'typeorm';
import { mergesInHand } from '../../config.js';
import { concernsOthers } from '../../datasets/datasets.errors.js';
import { RowsMerged } from '../count/import-facts.js';
import { ImportRun } from '../import-run.entity.js';
import { ImportNotFound } from '../imports.errors.js';
import { isAllOrNothing, judgeLimit } from '../progress/judge-limit.js';
import { ledgerTotals, noCounts, type RowCounts } from '../progress/import-ledger.js';
import { claimPart, recordPart } from '../progress/merge-ledger.js';
import { storeRejected } from '../progress/rejected-rows.js';
import { finishTable } from '../replace/finish-table.js';
import { swapIn } from '../replace/swap-in.js';
import { applyImportSettings, withBulkStatements } from '../staging/import-settings.js';
import { run as query } from '../staging/sql.js';
import { stagingTable } from '../staging/staging-table.js';
import { sendParts } from './begin-merge.js';
import { type Loser, type MergeJob, mergeJob } from './merge-job.js';
import { mergeRows } from './merge-rows.js';
import { openTarget } from './open-target.js';
import { rereadRows } from './reread-rows.js';
import { partOf } from './split-parts.js';

/**
 * Takes one part of the rows that were set aside over into the dataset, with its line in the ledger and the rows that it
 * rejects, in one transaction. In a trial, or when more is rejected than the import bears, the rows themselves are taken
 * back out before the commit, and the counts stay.
 */
@Handles(MergeRows, {
  queue: 'ingest.merge-rows',
  prefetch: mergesInHand,
  attempts: 12,
  brakeOn: concernsOthers,
})
export class MergeRowsHandler implements MessageHandler<typeof MergeRows> {
  constructor(private readonly files: FileStore) {}

  async handle({ importId, part }: MergeRows, { tx }: HandlerContext): Promise<Outgoing[]> {
    const run = await tx.findOne(ImportRun, {
      where: { importId },
      lock: { mode: 'for_key_share' },
    });
    if (!run) throw new ImportNotFound(importId);
    if (run.state !== 'counting' && run.state !== 'merging') return [];
    const rows = await claimPart(tx, importId, part);
    if (rows === undefined) return [];

    await applyImportSettings(tx, importId);
    if (run.resolved.sink === 'replace' && part === 1) return this.swap(tx, run, part);
    const { counts, losers } = await withBulkStatements(tx, () =>
      this.merge(tx, run, { part, rows }),
    );
    for await (const rejected of rereadRows(tx, this.files, run, losers)) {
      await storeRejected(tx, importId, rejected);
    }
    await recordPart(tx, importId, part, { ...counts, rejected: losers.length });
    noteMerged(tx, run, { counts, rejected: losers.length });
    return [...(await this.nextPart(tx, run)), ReportProgress({ importId })];
  }

  private async merge(
    tx: EntityManager,
    run: ImportRun,
    wanted: { part: number; rows: number },
  ): Promise<{ counts: RowCounts; losers: Loser[] }> {
    const isTrial = run.state === 'counting';
    await query(tx, 'savepoint merge_part');
    const job = await this.jobFor(tx, run, wanted);
    const { counts, losers } =
      run.resolved.sink === 'replace' ? await finish(job, run, { isTrial }) : await mergeRows(job);
    const isKept = !isTrial && !(await isTooMuch(tx, run, losers.length));
    await query(tx, `${isKept ? 'release' : 'rollback to'} savepoint merge_part`);
    // What was taken back by a limit has become of no row; a trial tells what would.
    return { counts: isKept || isTrial ? counts : noCounts, losers };
  }

  private async jobFor(
    tx: EntityManager,
    run: ImportRun,
    { part, rows }: { part: number; rows: number },
  ): Promise<MergeJob> {
    const { merge, importId, state, options, resolved: plan } = run;
    if (!merge) throw new Error(`Import ${importId} has not begun to merge.`);
    const dataset = await openTarget(tx, run);
    const keepsBefore = state === 'merging' && plan.key !== null;
    return mergeJob({ plan, options }, dataset, {
      tx,
      importId,
      source: stagingTable('rows', importId),
      part: merge.by === 'none' ? 'true' : `${partOf(merge, merge.span)} = ${part}`,
      rows,
      base: merge.base,
      span: merge.span,
      before: keepsBefore ? stagingTable('before', importId) : null,
    });
  }

  private async swap(tx: EntityManager, run: ImportRun, part: number): Promise<Outgoing[]> {
    const { merge } = await ledgerTotals(tx, run.importId);
    await swapIn(tx, run, await openTarget(tx, run), merge.created);
    await recordPart(tx, run.importId, part, { ...noCounts, rejected: 0 });
    note(tx, new RowsMerged({ ...noCounts, created: merge.created, rejected: 0 }));
    return [ReportProgress({ importId: run.importId })];
  }

  /** A table is swapped in when it is ready, and when not too much of it was rejected. */
  private async nextPart(tx: EntityManager, run: ImportRun): Promise<Outgoing[]> {
    if (run.resolved.sink !== 'replace' || run.state === 'counting') return [];
    return (await isTooMuch(tx, run, 0)) ? [] : sendParts(tx, run);
  }
}

/**
 * A trial stores nothing. What it rejects is rejected again when the rows are merged for good, unless it was all that
 * was asked for; and the rows of a table that is exchanged are in the dataset with the exchange.
 */
function noteMerged(
  tx: EntityManager,
  { state, options, resolved }: ImportRun,
  { counts, rejected }: { counts: RowCounts; rejected: number },
): void {
  const isTrial = state === 'counting';
  if (isTrial && !options.dryRun) return;
  const isStored = !isTrial && resolved.sink !== 'replace';
  note(tx, new RowsMerged({ ...(isStored ? counts : noCounts), rejected }));
}

async function finish(
  job: MergeJob,
  run: ImportRun,
  options: { isTrial: boolean },
): Promise<{ counts: RowCounts; losers: Loser[] }> {
  const losers = await finishTable(job, run, options);
  return { counts: { ...noCounts, created: job.rows - losers.length }, losers };
}

async function isTooMuch(tx: EntityManager, run: ImportRun, losers: number): Promise<boolean> {
  if (!isAllOrNothing(run.options)) return false;
  const { loaded, rejected, merge } = await ledgerTotals(tx, run.importId);
  const judged = { rejected: rejected + merge.rejected + losers, rows: loaded + rejected };
  return judgeLimit(run.options, judged) !== undefined;
}
