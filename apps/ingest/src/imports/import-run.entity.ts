import type { FixRows, ImportOptions, StartImport } from '@offload/contracts';
import type { ScanPosition } from '@offload/formats';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ImportPlan } from './import-plan.js';
import type { Parts } from './merge/split-parts.js';

const toNumber = { from: Number, to: (value: number) => value };

/** Reports of one import are at least this far apart, so that nobody is sent more than four a second. */
const minReportGapMs = 250;

/**
 * What an import is doing. In the order in which it comes to pass, with what is left out where it does not apply:
 *
 * `converting` the file is made plain · `waiting` another import has the dataset · `loading` chunks are loaded ·
 * `counting` parts are merged on trial · `held` somebody has to confirm · `merging` parts are merged ·
 * `fixing` corrected rows are loaded · `canceling`, `reverting` rows are taken back out.
 */
export type RunState =
  | 'converting'
  | 'waiting'
  | 'loading'
  | 'counting'
  | 'held'
  | 'merging'
  | 'fixing'
  | 'canceling'
  | 'reverting'
  | EndState;

export type EndState = 'completed' | 'failed' | 'canceled' | 'reverted';

const ends: readonly RunState[] = ['completed', 'failed', 'canceled', 'reverted'];

/** How the rows that were set aside are taken over. */
export interface MergeState extends Parts {
  /** A created row has this plus the number of its row as its `_id`. */
  base: number;
  /** The highest number of a row. */
  span: number;
  /** Parts that are not merged are not on their way either. */
  isPaused: boolean;
}

/** An import that is to end before its time. */
export interface StopState {
  /** What it was doing. */
  from: RunState;
  keepsRows: boolean;
  /** Why it fails then; without, it was canceled. */
  failure?: { code: string; message: string };
  /** What it could go on with is gone. */
  isOver?: boolean;
}

/** How far rows have been taken back out. */
export interface UndoState {
  purpose: 'stop' | 'revert';
  step: 'created' | 'updated' | 'swap';
  /** The last row that was looked at, and the last one of this step. */
  after: number;
  until: number;
  /** Rows that there were to look at when it began. */
  total: number;
  removed: number;
  restored: number;
  kept: number;
}

/** One import on its way from a file to a dataset. */
@Entity('import_run')
export class ImportRun {
  @PrimaryColumn('uuid', { name: 'import_id' })
  importId: string;

  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  @Column('text')
  state: RunState;

  /** Null when it was canceled before it was heard of. */
  @Column('jsonb', { nullable: true })
  file: StartImport['file'] | null;

  @Column('text', { name: 'dataset_name' })
  datasetName: string;

  @Column('jsonb')
  options: ImportOptions;

  /** The columns and keys for a dataset that is not there. */
  @Column('jsonb')
  wanted: Omit<StartImport['dataset'], 'name'>;

  @Column('jsonb', { nullable: true })
  plan: ImportPlan | null;

  /** The plain copy of a file that cannot be cut as it is. */
  @Column('jsonb', { nullable: true })
  plain: { key: string; size: number; isRemoved?: boolean } | null;

  @Column('jsonb', { nullable: true })
  notify: StartImport['notify'] | null;

  /** Where the data begin, in bytes: behind the header. */
  @Column('bigint', { name: 'data_from', transformer: toNumber })
  dataFrom: number;

  /** Where the next stretch begins to be cut; null when the file is cut to its end. */
  @Column('jsonb', { name: 'split_at', nullable: true })
  splitAt: ScanPosition | null;

  /** Known when the file has been cut to its end. */
  @Column('int', { name: 'chunks_total', nullable: true })
  chunksTotal: number | null;

  /** Null until the merge, or the trial of it, has begun. */
  @Column('jsonb', { nullable: true })
  merge: MergeState | null;

  @Column('jsonb', { nullable: true })
  undo: UndoState | null;

  /** Corrected rows that are to be loaded. */
  @Column('jsonb', { nullable: true })
  fix: Pick<FixRows, 'fixId' | 'file'> | null;

  /** How an import was stopped before its end; stays with one that was canceled. */
  @Column('jsonb', { nullable: true })
  stop: StopState | null;

  /** How many of its rows the dataset's number of rows has in it. */
  @Column('bigint', { name: 'counted_rows', transformer: toNumber })
  countedRows: number;

  @Column('int')
  sequence: number;

  @Column('timestamptz', { name: 'reported_at', nullable: true })
  reportedAt: Date | null;

  /** When it came into its state; kept by WatchPhases. */
  @Column('timestamptz', { name: 'state_since' })
  stateSince: Date;

  @Column('timestamptz', { name: 'started_at' })
  startedAt: Date;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt: Date | null;

  get hasEnded(): boolean {
    return ends.includes(this.state);
  }

  /** The file that is cut: the stored one, or its plain copy. Throws when there is none. */
  get cutFile(): { key: string; size: number } {
    const file = this.plain ?? this.file;
    if (!file) throw new Error(`Import ${this.importId} has no file.`);
    return file;
  }

  /** What was resolved. Throws when nothing has been yet. */
  get resolved(): ImportPlan {
    if (!this.plan) throw new Error(`Import ${this.importId} has no plan yet.`);
    return this.plan;
  }

  /** Another report so soon would only be noise. */
  hasJustReported(now: Date): boolean {
    return this.reportedAt !== null && now.getTime() - this.reportedAt.getTime() < minReportGapMs;
  }

  /** Counts a report; its number is what it is told with. */
  nextSequence(now: Date): number {
    this.sequence += 1;
    this.reportedAt = now;
    return this.sequence;
  }

  end(state: EndState, now: Date): void {
    this.state = state;
    this.endedAt = now;
  }

  /** It had ended and moves again. */
  goOn(state: Exclude<RunState, EndState>): void {
    this.state = state;
    this.endedAt = null;
  }
}
