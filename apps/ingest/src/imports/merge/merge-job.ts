import type { DatasetKey, ImportOptions } from '@offload/contracts';
import type { EntityManager } from 'typeorm';
import type { Dataset } from '../../datasets/dataset.entity.js';
import { tableOf } from '../../datasets/table-of.js';
import { columnsOf, type ImportPlan } from '../import-plan.js';
import type { RowCounts } from '../progress/import-ledger.js';
import { meetingKeys } from '../staging/staging-table.js';
import type { Refusal } from '../load/rejected-row.js';

/** Rows that were set aside, and how they are to be taken over into a dataset. */
export interface MergeJob {
  tx: EntityManager;
  importId: string;
  /** The dataset's table, in SQL. */
  target: string;
  /** The table with the rows, in SQL. */
  source: string;
  /** Which of its rows, in SQL, said of `s`. */
  part: string;
  /** How many those are. */
  rows: number;
  /** The columns of the dataset that are filled. */
  columns: string[];
  plan: ImportPlan;
  /** The keys of the dataset in which rows can meet. */
  keys: DatasetKey[];
  /** Of an upsert; null when rows are only added. */
  key: DatasetKey | null;
  onMeeting: 'update' | 'skip' | 'reject';
  /** A created row has this plus its number as its `_id`. */
  base: number;
  /** The highest number of a row. */
  span: number;
  /** The table that keeps what rows were before they are updated, in SQL; null when nothing is to be kept. */
  before: string | null;
}

/** What became of the rows. */
export interface Merged {
  counts: RowCounts;
  losers: Loser[];
}

/** A row that cannot be taken over, by its number in the file. */
export interface Loser extends Refusal {
  row: number;
}

export function mergeJob(
  { plan, options }: { plan: ImportPlan; options: ImportOptions },
  dataset: Dataset,
  given: Pick<
    MergeJob,
    'tx' | 'importId' | 'source' | 'part' | 'rows' | 'base' | 'span' | 'before'
  >,
): MergeJob {
  const isUpsert = plan.key !== null;
  return {
    ...given,
    target: tableOf(dataset.tableName),
    columns: columnsOf(plan).map(({ name }) => name),
    plan,
    keys: meetingKeys(plan),
    key: plan.key,
    onMeeting: isUpsert && options.onConflict !== 'error' ? options.onConflict : 'reject',
  };
}
