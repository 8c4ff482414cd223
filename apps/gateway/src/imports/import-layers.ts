import type { ImportTotals } from '@offload/contracts';
import type { ImportAction, ImportState } from '@offload/contracts/http';
import { currentPhase } from './import-phases.js';
import { type AskedPreview, ImportRow } from './import-row.js';
import { takeSample } from './import-speed.js';
import { hasEnded, isAtRest, whileAsked } from './import-states.js';

/**
 * How the state that people see is put together: what ingest has said (`standing`), over it what was asked
 * and is not answered yet, and over both the dead letters. Every change goes through here.
 */
export abstract class ImportLayers extends ImportRow {
  /** What was asked and is not answered yet. */
  protected get pending(): ImportAction | undefined {
    return this.lastAction?.outcome === 'pending' ? this.lastAction.action : undefined;
  }

  protected isOld({ sequence }: { sequence: number }): boolean {
    return sequence <= this.sequence;
  }

  /** Where it stands, as ingest has reported it at that time. */
  protected takeTotals(report: ImportTotals & { sequence: number }, at: Date): void {
    this.sequence = report.sequence;
    this.bytesDone = report.bytesDone;
    this.bytesTotal = report.bytesTotal;
    this.rowsLoaded = report.rowsLoaded;
    this.rowsRejected = report.rowsRejected;
    this.rowsCreated = report.rowsCreated;
    this.rowsUpdated = report.rowsUpdated;
    this.rowsUnchanged = report.rowsUnchanged;
    this.rowsSkipped = report.rowsSkipped;
    this.phases = report.phases;
    this.sample(at);
  }

  /** Ingest has taken it up. */
  protected work(standing: ImportState, at: Date): void {
    this.standing = standing;
    this.workingSince ??= at;
  }

  /** It waits for a person, or has ended; that time is not counted as work. */
  protected rest(standing: ImportState, at: Date): void {
    const since = this.workingSince ?? at;
    this.workedMs += Math.max(0, at.getTime() - since.getTime());
    this.workingSince = null;
    this.standing = standing;
  }

  protected end(standing: ImportState, at: Date, now: Date): void {
    this.rest(standing, at);
    this.settle(this.pending === 'cancel' && standing !== 'canceled' ? 'overtaken' : 'taken');
    this.finishedAt = at;
    this.progressedAt = now;
    this.problemCode = null;
    this.problemDetail = null;
    this.interruption = null;
    this.show();
  }

  protected settle(outcome: 'taken' | 'overtaken'): void {
    if (this.lastAction?.outcome === 'pending') this.lastAction = { ...this.lastAction, outcome };
  }

  protected answerPreview(
    answer: Pick<AskedPreview, 'counts' | 'refusal'>,
    answeredAt: string,
  ): boolean {
    if (!this.revertPreview || this.revertPreview.answeredAt !== null) return false;
    this.revertPreview = { ...this.revertPreview, ...answer, answeredAt };
    return true;
  }

  /** A report shows that it moves; new dead letters keep it interrupted all the same. */
  protected goOn(): void {
    if (this.openDeadLetters <= this.outlivedDeadLetters) this.interruption = null;
    this.show();
  }

  protected show(): void {
    const state = this.pending === undefined ? this.standing : whileAsked[this.pending];
    this.state = this.interruption !== null && !hasEnded(state) ? 'interrupted' : state;
  }

  /** The first phase begins when the import does. */
  private sample(at: Date): void {
    const { name: phase, done } = currentPhase(this);
    const isFirst = this.samples.length === 0 && this.attempt === 1 && !isAtRest(this.standing);
    const beginning =
      isFirst && this.startedAt !== null
        ? [{ at: this.startedAt.getTime(), phase, done: 0, rows: 0 }]
        : this.samples;
    const rows = this.rowsLoaded + this.rowsRejected;
    this.samples = takeSample(beginning, { at: at.getTime(), phase, done, rows });
  }
}
