import type {
  PaceChange,
  ReplayPace,
  ReplayPause,
  ReplaySelection,
  ReplayStage,
  ReplayState,
} from '@offload/contracts/http';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { changePace } from './change-pace.js';
import { ReplayStateRefuses } from './replays.errors.js';

/**
 * A replay: which messages are put back, how carefully, and how far it has come.
 *
 * Its counts and its batch are changed by the runner alone, and by operators, both while they hold the
 * row; whoever settles an item adds a row to `replay_outcome`, which the runner counts in.
 */
@Entity('replay')
export class ReplayEntity {
  /** Also the id of its operation in the audit. */
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  @Column('uuid', { name: 'key_id' })
  keyId: string;

  @Column('text')
  incident: string;

  @Column('text')
  reason: string;

  @Column('jsonb')
  selection: ReplaySelection;

  @Column('boolean', { name: 'is_edited' })
  isEdited: boolean;

  @Column('text')
  state: ReplayState;

  @Column('text')
  stage: ReplayStage;

  @Column('jsonb')
  pace: ReplayPace;

  /** Where its messages go; '' stands for those that no queue wanted. */
  @Column('text', { array: true })
  queues: string[];

  @Column('int')
  total: number;

  @Column('int')
  claimed: number;

  @Column('int')
  published: number;

  @Column('int')
  succeeded: number;

  @Column('int', { name: 'failed_again' })
  failedAgain: number;

  @Column('int')
  expired: number;

  @Column('int')
  skipped: number;

  @Column('int')
  batch: number;

  @Column('int', { name: 'batch_size' })
  batchSize: number;

  @Column('int', { name: 'batch_published' })
  batchPublished: number;

  /** Messages of this batch whose outcome is known. */
  @Column('int', { name: 'batch_known' })
  batchKnown: number;

  /** The first batch since it was started or resumed. */
  @Column('int', { name: 'first_batch' })
  firstBatch: number;

  /** The latest outcomes since then, oldest first: s for succeeded, f for failed again or expired. */
  @Column('text')
  recent: string;

  @Column('double precision')
  tokens: number;

  @Column('timestamptz', { name: 'tokens_at' })
  tokensAt: Date;

  @Column('jsonb', { nullable: true })
  pause: ReplayPause | null;

  @Column('text', { nullable: true })
  waiting: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  /** Or resumed. */
  @Column('timestamptz', { name: 'started_at' })
  startedAt: Date;

  @Column('timestamptz', { name: 'changed_at' })
  changedAt: Date;

  @Column('timestamptz', { name: 'told_at' })
  toldAt: Date;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt: Date | null;

  /** Publishes nothing more. Throws ReplayStateRefuses unless it is running. */
  stop(pause: ReplayPause): void {
    if (this.state !== 'running') throw new ReplayStateRefuses(this.state, 'pause');
    this.state = 'paused';
    this.pause = pause;
    this.waiting = null;
  }

  /** Goes on with a small batch; earlier outcomes do not count any more. Throws ReplayStateRefuses. */
  resume(now: Date): void {
    if (this.state !== 'paused') throw new ReplayStateRefuses(this.state, 'resume');
    this.state = 'running';
    this.pause = null;
    this.stage = 'canary';
    this.startBatch(this.pace.canary);
    this.firstBatch = this.batch;
    this.recent = '';
    this.startedAt = now;
  }

  /** Nothing more is published; what is on its way finishes. Throws ReplayStateRefuses when it has ended. */
  abort(): void {
    if (this.state !== 'running' && this.state !== 'paused')
      throw new ReplayStateRefuses(this.state, 'abort');
    this.state = 'aborted';
    this.pause = null;
    this.waiting = null;
  }

  /** Throws ReplayStateRefuses when it has ended. */
  changePace(change: PaceChange): void {
    if (this.state !== 'running' && this.state !== 'paused')
      throw new ReplayStateRefuses(this.state, 'change_pace');
    this.pace = changePace(this.pace, change);
    if (this.stage === 'canary') this.batchSize = Math.max(this.pace.canary, this.batchPublished);
  }

  startBatch(size: number): void {
    this.batch += 1;
    this.batchSize = size;
    this.batchPublished = 0;
    this.batchKnown = 0;
  }
}
