import type {
  ActionRefused,
  ImportCanceled,
  ImportCompleted,
  ImportFailed,
  ImportHeld,
  ImportProgressed,
  ImportResumed,
  ImportReverted,
  ImportStarted,
  Rejections,
  SourceOptions,
} from '@offload/contracts';
import type { ImportAction, ImportState } from '@offload/contracts/http';
import { Entity } from 'typeorm';
import { storableJson, storableText } from '../database/storable.js';
import { ImportLayers } from './import-layers.js';
import type { AskedAction } from './import-row.js';
import { allowedActions, hasEnded, isAtRest, runningState } from './import-states.js';
import { ImportStateRefuses } from './imports.errors.js';

/**
 * What the gateway knows of an import, from the reports of ingest and from what people ask of it.
 *
 * Reports may come late, twice and in any order. Each method takes one over and answers whether it
 * changed anything: a report with an older sequence changes nothing, and what has ended stays ended until
 * a newer report says that it was resumed.
 */
@Entity('import')
export class Import extends ImportLayers {
  get hasEnded(): boolean {
    return hasEnded(this.state);
  }

  /** Nothing more is told of it, unless somebody asks something. */
  get isSettled(): boolean {
    return this.hasEnded && (this.revertPreview === null || this.revertPreview.answeredAt !== null);
  }

  /** It is settled, or waits for a person. */
  get isAtRest(): boolean {
    return this.isSettled || this.state === 'awaiting_review';
  }

  /** Throws ImportStateRefuses. The command must be sent in the transaction that stores it. */
  ask(action: ImportAction, { by, now }: { by: string | null; now: Date }): void {
    this.mustAllow(action);
    this.lastAction = {
      action,
      outcome: 'pending',
      askedAt: now.toISOString(),
      askedBy: by,
      code: null,
      detail: null,
      before: this.before(),
    };
    if (action === 'retry') this.attempt += 1;
    this.revertPreview = null;
    this.outlivedDeadLetters = this.openDeadLetters;
    this.interruption = null;
    this.finishedAt = null;
    this.progressedAt = now;
    this.show();
  }

  /** Asks what a revert would do. Throws ImportStateRefuses unless it could be reverted. */
  askPreview(now: Date): void {
    this.mustAllow('revert');
    const askedAt = now.toISOString();
    this.revertPreview = { askedAt, answeredAt: null, counts: null, refusal: null };
  }

  start(report: ImportStarted): boolean {
    const startedAt = new Date(report.startedAt);
    if (this.hasEnded || (this.startedAt !== null && startedAt <= this.startedAt)) return false;
    this.columns = report.columns;
    this.sourceColumns = storableJson(report.sourceColumns) as string[];
    this.readAs = storableJson(report.source) as SourceOptions;
    this.bytesTotal = report.bytesTotal;
    this.startedAt = startedAt;
    if (this.standing === 'queued') this.work('loading', startedAt);
    this.goOn();
    return true;
  }

  /** `at` is when ingest reported it, `now` when it is taken over. */
  progress(report: ImportProgressed, { at, now }: { at: Date; now: Date }): boolean {
    if (this.hasEnded || this.isOld(report)) return false;
    this.takeTotals(report, at);
    this.progressedAt = now;
    this.work(this.standingWhileWorking(), at);
    this.goOn();
    return true;
  }

  hold(report: ImportHeld, now: Date): boolean {
    if (this.hasEnded || this.isOld(report)) return false;
    const heldAt = new Date(report.heldAt);
    this.takeTotals(report, heldAt);
    this.rejections = storableJson(report.rejections) as Rejections;
    this.progressedAt = now;
    if (this.pending !== 'cancel') this.settle('taken');
    this.rest('awaiting_review', heldAt);
    this.goOn();
    return true;
  }

  /** The one report that makes an ended import live again; one that was stuck goes on with what it was doing. */
  resume(report: ImportResumed, now: Date): boolean {
    if (this.isOld(report)) return false;
    const resumedAt = new Date(report.resumedAt);
    this.samples = [];
    this.takeTotals(report, resumedAt);
    this.progressedAt = now;
    this.finishedAt = null;
    if (this.pending !== 'cancel') this.settle('taken');
    const isStuck =
      report.why === 'retry' && !isAtRest(this.standing) && this.standing !== 'queued';
    this.work(isStuck ? this.standing : whenResumed[report.why], resumedAt);
    this.goOn();
    return true;
  }

  complete(report: ImportCompleted, now: Date): boolean {
    if (this.hasEnded || this.isOld(report)) return false;
    const finishedAt = new Date(report.finishedAt);
    this.startedAt ??= new Date(report.startedAt);
    if (this.workedMs === 0) this.workingSince ??= this.startedAt;
    this.takeTotals(report, finishedAt);
    this.rejections = storableJson(report.rejections) as Rejections;
    const isClean = report.rowsRejected === 0;
    this.end(isClean ? 'completed' : 'completed_with_errors', finishedAt, now);
    return true;
  }

  /** One without a sequence has failed before there was anything to count. */
  fail(report: ImportFailed, now: Date): boolean {
    const isOld = report.sequence > 0 && report.sequence < this.sequence;
    if (this.hasEnded || isOld) return false;
    const failedAt = new Date(report.failedAt);
    const sequence = Math.max(this.sequence, report.sequence);
    if (report.totals) this.takeTotals({ ...report.totals, sequence }, failedAt);
    this.sequence = sequence;
    this.rejections = storableJson(report.rejections) as Rejections;
    this.end('failed', failedAt, now);
    this.problemCode = storableText(report.code);
    this.problemDetail = storableText(report.message);
    return true;
  }

  cancel(report: ImportCanceled, now: Date): boolean {
    if (this.hasEnded || this.isOld(report)) return false;
    const canceledAt = new Date(report.canceledAt);
    this.takeTotals(report, canceledAt);
    this.end('canceled', canceledAt, now);
    return true;
  }

  revert(report: ImportReverted, now: Date): boolean {
    const { rowsRemoved, rowsRestored, rowsKept, totals, sequence, revertedAt } = report;
    const counts = { rowsRemoved, rowsRestored, rowsKept };
    if (report.dryRun) return this.answerPreview({ counts, refusal: null }, revertedAt);
    if (this.hasEnded || this.isOld(report)) return false;
    this.takeTotals({ ...totals, sequence }, new Date(revertedAt));
    this.reverted = counts;
    this.end('reverted', new Date(revertedAt), now);
    return true;
  }

  /** It is again what it was before it was asked, and people are told why. */
  refuse({ action, code, message, refusedAt }: ActionRefused): boolean {
    const asked = this.lastAction;
    const detail = storableText(message);
    if (asked?.action !== action || asked.outcome === 'taken' || asked.outcome === 'refused') {
      const mayBePreview = action === 'revert';
      return mayBePreview && this.answerPreview({ counts: null, refusal: detail }, refusedAt);
    }
    if (asked.outcome === 'pending') this.putBack(asked);
    this.lastAction = { ...asked, outcome: 'refused', code: storableText(code), detail };
    this.show();
    return true;
  }

  /**
   * So many of its messages wait as dead letters. With the last of them put back it stays interrupted
   * until a report shows that it has gone on; one that waits for a person has nothing to go on with.
   */
  holdUp({ open, detail }: { open: number; detail: string }): boolean {
    this.openDeadLetters = open;
    this.outlivedDeadLetters = Math.min(this.outlivedDeadLetters, open);
    if (this.hasEnded) return false;
    const before = this.interruption;
    if (open > this.outlivedDeadLetters) this.interruption = storableText(detail);
    else if (this.standing === 'awaiting_review') this.goOn();
    this.show();
    return open > this.outlivedDeadLetters || this.interruption !== before;
  }

  private mustAllow(action: ImportAction): void {
    const allowed = allowedActions(this);
    if (!allowed.includes(action)) throw new ImportStateRefuses(this, action, allowed);
  }

  /** What it goes back to when what was asked, or was asked before and never answered, is refused. */
  private before(): AskedAction['before'] {
    if (this.pending !== undefined && this.lastAction) return this.lastAction.before;
    return {
      finishedAt: this.finishedAt?.toISOString() ?? null,
      interruption: this.interruption,
    };
  }

  private putBack({ action, before }: AskedAction): void {
    if (action === 'retry') this.attempt -= 1;
    const { finishedAt, interruption } = before;
    this.finishedAt = hasEnded(this.standing) && finishedAt ? new Date(finishedAt) : null;
    this.outlivedDeadLetters = 0;
    if (this.openDeadLetters > 0) this.interruption ??= interruption;
  }

  /** Progress shows that what was asked has been taken up, but for a cancellation: chunks in hand are finished. */
  private standingWhileWorking(): ImportState {
    const { pending } = this;
    if (pending === undefined || pending === 'cancel') return runningState(this);
    this.settle('taken');
    return isAtRest(this.standing) ? whenResumed[pending] : runningState(this);
  }
}

const whenResumed: Record<Exclude<ImportAction, 'cancel'>, ImportState> = {
  retry: 'loading',
  confirm: 'finalizing',
  fix: 'loading',
  revert: 'reverting',
};
