import type { ColumnMapping, DatasetColumn, DatasetKey, ValueOptions } from '@offload/contracts';
import type { ResolvedSource } from '@offload/formats';

/** What was resolved of an import's options when its file was looked at; it does not change until its end. */
export interface ImportPlan {
  /** How the file that is cut is written: the stored one, or its plain copy. */
  source: ResolvedSource;
  /** The columns of the file as it names them, in its order. */
  sourceColumns: string[];
  /** The columns of the dataset that are filled, in the order of the file; constants come last. */
  columns: PlannedColumn[];
  dataset: PlannedDataset;
  sink: Sink;
  /** What an upsert goes by; null in other modes. */
  key: DatasetKey | null;
}

/** Where the values of one column of the dataset come from. */
export interface PlannedColumn {
  column: DatasetColumn;
  /** Place of the file's column, counted from 0; null for a constant. */
  from: number | null;
  /** As PostgreSQL takes it. */
  constant?: string | null;
  /** How the file writes its values. */
  values: ValueOptions;
  transforms?: ColumnMapping['transforms'];
  nulls?: ColumnMapping['nulls'];
}

export interface PlannedDataset {
  /** Null when there is none of this name: it is made when the first row is to be stored. */
  tableName: string | null;
  columns: DatasetColumn[];
  keys: DatasetKey[];
  /** The highest `_id` that has been given to a row; 0 when there is none. */
  lastId: number;
  /** When it was made, by the clock of the database: another one of this name is not the same. */
  madeAt?: string;
}

/**
 * Where chunks are loaded: `direct` into the dataset; `merge` into a table beside it, whose rows are taken over when
 * all are there; `replace` into a table that becomes the dataset's.
 */
export type Sink = 'direct' | 'merge' | 'replace';

/** The columns that are filled, in the order in which their values are written. */
export function columnsOf(plan: Pick<ImportPlan, 'columns'>): DatasetColumn[] {
  return plan.columns.map(({ column }) => column);
}
