import type {
  DatasetColumn,
  ImportFailed,
  ImportProgressed,
  StartImport,
} from '@offload/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CsvDialect } from '@offload/formats';

const toNumber = { from: Number, to: (value: number) => value };

/** Reports of one import are at least this far apart, so that nobody is sent more than four a second. */
const minReportGapMs = 250;

export interface LedgerTotals {
  chunks: number;
  bytes: number;
  rowsLoaded: number;
  rowsRejected: number;
}

/** One import on its way from a file to a dataset: `loading → completed | failed`. */
@Entity('import_run')
export class ImportRun {
  @PrimaryColumn('uuid', { name: 'import_id' })
  importId: string;

  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  @Column('text')
  state: 'loading' | 'completed' | 'failed';

  @Column('jsonb')
  file: StartImport['file'];

  @Column('text', { name: 'dataset_name' })
  datasetName: string;

  @Column('text', { name: 'table_name', nullable: true })
  tableName: string | null;

  /** The columns of the file, in its order, as the dataset has them. */
  @Column('jsonb')
  columns: DatasetColumn[];

  @Column('jsonb', { nullable: true })
  dialect: CsvDialect | null;

  @Column('jsonb', { nullable: true })
  notify: StartImport['notify'] | null;

  /** Where the data begin, in bytes: behind the header. */
  @Column('bigint', { name: 'data_from', transformer: toNumber })
  dataFrom: number;

  /** Known when the file has been cut to its end. */
  @Column('int', { name: 'chunks_total', nullable: true })
  chunksTotal: number | null;

  @Column('int')
  sequence: number;

  @Column('timestamptz', { name: 'reported_at', nullable: true })
  reportedAt: Date | null;

  @Column('timestamptz', { name: 'started_at' })
  startedAt: Date;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt: Date | null;

  get isLoading(): boolean {
    return this.state === 'loading';
  }

  /** Every chunk of the file is in the ledger. */
  isComplete({ chunks }: LedgerTotals): boolean {
    return this.chunksTotal !== null && chunks === this.chunksTotal;
  }

  /** Another report so soon would only be noise. */
  hasJustReported(now: Date): boolean {
    return this.reportedAt !== null && now.getTime() - this.reportedAt.getTime() < minReportGapMs;
  }

  /** Counts the report and answers what it says. */
  report(totals: LedgerTotals, now: Date): Omit<ImportProgressed, 'importId'> {
    this.sequence += 1;
    this.reportedAt = now;
    return {
      sequence: this.sequence,
      bytesDone: Math.min(this.dataFrom + totals.bytes, this.file.size),
      bytesTotal: this.file.size,
      rowsLoaded: totals.rowsLoaded,
      rowsRejected: totals.rowsRejected,
      rowsCreated: totals.rowsLoaded,
      rowsUpdated: 0,
      rowsUnchanged: 0,
      rowsSkipped: 0,
      phases: [],
    };
  }

  complete(now: Date): void {
    this.state = 'completed';
    this.endedAt = now;
  }

  /** The file cannot be imported as it is. Answers what to say of it. */
  fail({ code, message }: { code: string; message: string }, now: Date): ImportFailed {
    this.state = 'failed';
    this.endedAt = now;
    return {
      importId: this.importId,
      fileName: this.file.name,
      code,
      message,
      rejections: [],
      sequence: this.sequence,
      failedAt: now.toISOString(),
      ...(this.notify ? { notify: this.notify } : {}),
    };
  }
}
