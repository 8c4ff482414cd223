import type {
  DatasetColumn,
  ImportCompleted,
  ImportFailed,
  ImportProgressed,
  ImportStarted,
} from '@offload/contracts';
import type { ImportState } from '@offload/contracts/http';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { asNumber } from '../database/columns.js';
import { storableJson, storableText } from '../database/storable.js';

export type Rejections = ImportCompleted['rejections'];

/**
 * What the gateway knows of an import, from the reports of ingest.
 *
 * Reports may come late, twice and in any order. Each method takes one over and answers whether it
 * changed anything: an older report never moves the numbers back, and what has ended stays ended.
 */
@Entity('import')
export class Import {
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

  @Column('text', { name: 'notify_email', nullable: true })
  notifyEmail: string | null;

  @Column('text')
  state: ImportState;

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

  @Column('jsonb')
  rejections: Rejections;

  /** While there are any it is interrupted, whatever else is reported. */
  @Column('int', { name: 'open_dead_letters' })
  openDeadLetters: number;

  @Column('text', { name: 'problem_code', nullable: true })
  problemCode: string | null;

  @Column('text', { name: 'problem_detail', nullable: true })
  problemDetail: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'started_at', nullable: true })
  startedAt: Date | null;

  @Column('timestamptz', { name: 'progressed_at', nullable: true })
  progressedAt: Date | null;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt: Date | null;

  get hasEnded(): boolean {
    return hasEnded(this.state);
  }

  start({ columns, bytesTotal, startedAt }: ImportStarted): boolean {
    if (this.startedAt !== null || this.hasEnded) return false;
    this.columns = columns;
    this.bytesTotal = bytesTotal;
    this.startedAt = new Date(startedAt);
    this.moveOn();
    return true;
  }

  progress(report: ImportProgressed, now: Date): boolean {
    if (this.hasEnded || report.sequence <= this.sequence) return false;
    this.takeTotals(report, now);
    this.moveOn();
    return true;
  }

  complete(report: ImportCompleted, now: Date): boolean {
    if (this.hasEnded) return false;
    this.takeTotals(report, now);
    this.state = report.rowsRejected > 0 ? 'completed_with_errors' : 'completed';
    this.rejections = storableJson(report.rejections) as Rejections;
    this.startedAt ??= new Date(report.startedAt);
    this.finishedAt = new Date(report.finishedAt);
    this.problemCode = null;
    this.problemDetail = null;
    return true;
  }

  fail({ code, message, failedAt }: ImportFailed): boolean {
    if (this.hasEnded) return false;
    this.state = 'failed';
    this.problemCode = storableText(code);
    this.problemDetail = storableText(message);
    this.finishedAt = new Date(failedAt);
    return true;
  }

  /**
   * So many of its messages wait as dead letters. With the last of them put back it stays interrupted
   * until a report shows that it has gone on.
   */
  holdUp({ open, detail }: { open: number; detail: string }): boolean {
    this.openDeadLetters = open;
    if (this.hasEnded || open === 0) return false;
    this.state = 'interrupted';
    this.problemCode = 'interrupted';
    this.problemDetail = storableText(detail);
    return true;
  }

  private takeTotals(report: ImportProgressed, now: Date): void {
    this.sequence = report.sequence;
    this.bytesDone = report.bytesDone;
    this.bytesTotal = report.bytesTotal;
    this.rowsLoaded = report.rowsLoaded;
    this.rowsRejected = report.rowsRejected;
    this.progressedAt = now;
  }

  private moveOn(): void {
    if (this.openDeadLetters > 0) return;
    this.state = 'loading';
    this.problemCode = null;
    this.problemDetail = null;
  }
}

export function hasEnded(state: ImportState): boolean {
  return state === 'completed' || state === 'completed_with_errors' || state === 'failed';
}
