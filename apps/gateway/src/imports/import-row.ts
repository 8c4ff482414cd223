import type {
  DatasetColumn,
  DatasetKey,
  ImportOptions,
  ImportPhase,
  Rejections,
  SourceOptions,
} from '@offload/contracts';
import type { ImportAction, ImportState, LastAction } from '@offload/contracts/http';
import { Column, PrimaryColumn } from 'typeorm';
import { asNumber } from '../database/columns.js';
import type { Sample } from './import-speed.js';

/** What was asked of an import last. */
export interface AskedAction {
  action: ImportAction;
  outcome: LastAction['outcome'];
  askedAt: string;
  askedBy: string | null;
  code: string | null;
  detail: string | null;
  /** What it goes back to when ingest refuses. */
  before: { finishedAt: string | null; interruption: string | null };
}

/** What a revert has done, or would do. */
export interface Reverted {
  rowsRemoved: number;
  rowsRestored: number;
  rowsKept: number;
}

export interface AskedPreview {
  askedAt: string;
  answeredAt: string | null;
  counts: Reverted | null;
  refusal: string | null;
}

/** The columns of the table `import`. What may change them, and when, is in import.entity.ts. */
export abstract class ImportRow {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  @Column('uuid', { name: 'upload_id' })
  uploadId: string;

  @Column('text', { nullable: true })
  name: string | null;

  @Column('text', { name: 'file_name' })
  fileName: string;

  @Column('text')
  dataset: string;

  @Column('jsonb', { nullable: true })
  columns: DatasetColumn[] | null;

  /** Of a dataset that is made, as they were asked for. */
  @Column('jsonb', { nullable: true })
  keys: DatasetKey[] | null;

  @Column('jsonb')
  options: ImportOptions;

  /** The saved mapping that was named; what it said then is in the options. */
  @Column('uuid', { name: 'mapping_id', nullable: true })
  mappingId: string | null;

  /** The corrected rows that were sent last. */
  @Column('uuid', { name: 'fix_upload_id', nullable: true })
  fixUploadId: string | null;

  @Column('uuid', { name: 'key_id', nullable: true })
  keyId: string | null;

  /** Of the API key, as it was called then. */
  @Column('text', { name: 'key_name', nullable: true })
  keyName: string | null;

  @Column('text', { name: 'notify_email', nullable: true })
  notifyEmail: string | null;

  /** The columns of the file as it names them. */
  @Column('jsonb', { name: 'source_columns', nullable: true })
  sourceColumns: string[] | null;

  /** How the file was read: told and detected. */
  @Column('jsonb', { name: 'read_as', nullable: true })
  readAs: SourceOptions | null;

  /** As people see it: what ingest has said, what was asked meanwhile, and dead letters over both. */
  @Column('text')
  state: ImportState;

  /** What ingest has said last, whatever was asked since. */
  @Column('text')
  standing: ImportState;

  /** Why it is interrupted, while it is. */
  @Column('text', { nullable: true })
  interruption: string | null;

  @Column('int', { name: 'open_dead_letters' })
  openDeadLetters: number;

  /** Of those, the ones that were there when it was told to go on all the same. */
  @Column('int', { name: 'outlived_dead_letters' })
  outlivedDeadLetters: number;

  @Column('jsonb', { name: 'last_action', nullable: true })
  lastAction: AskedAction | null;

  @Column('int')
  attempt: number;

  /** Of the last report that was taken over; older ones change nothing. */
  @Column('int')
  sequence: number;

  @Column('bigint', { name: 'bytes_done', transformer: asNumber })
  bytesDone: number;

  @Column('bigint', { name: 'bytes_total', transformer: asNumber })
  bytesTotal: number;

  @Column('bigint', { name: 'rows_loaded', transformer: asNumber })
  rowsLoaded: number;

  @Column('bigint', { name: 'rows_rejected', transformer: asNumber })
  rowsRejected: number;

  @Column('bigint', { name: 'rows_created', transformer: asNumber })
  rowsCreated: number;

  @Column('bigint', { name: 'rows_updated', transformer: asNumber })
  rowsUpdated: number;

  @Column('bigint', { name: 'rows_unchanged', transformer: asNumber })
  rowsUnchanged: number;

  @Column('bigint', { name: 'rows_skipped', transformer: asNumber })
  rowsSkipped: number;

  @Column('jsonb')
  phases: ImportPhase[];

  /** Where it stood lately, to tell its speed. */
  @Column('jsonb')
  samples: Sample[];

  /** How long it has been at work, in milliseconds, without the times when it waited for a person. */
  @Column('bigint', { name: 'worked_ms', transformer: asNumber })
  workedMs: number;

  @Column('timestamptz', { name: 'working_since', nullable: true })
  workingSince: Date | null;

  @Column('jsonb')
  rejections: Rejections;

  @Column('text', { name: 'problem_code', nullable: true })
  problemCode: string | null;

  @Column('text', { name: 'problem_detail', nullable: true })
  problemDetail: string | null;

  @Column('jsonb', { name: 'revert_preview', nullable: true })
  revertPreview: AskedPreview | null;

  @Column('jsonb', { nullable: true })
  reverted: Reverted | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'started_at', nullable: true })
  startedAt: Date | null;

  /** The last sign of life: a report that was taken over, or something that was asked of it. */
  @Column('timestamptz', { name: 'progressed_at', nullable: true })
  progressedAt: Date | null;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt: Date | null;
}
