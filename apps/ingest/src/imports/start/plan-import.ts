import type { DatasetColumn } from '@offload/contracts';
import { type ColumnProblem, matchColumns } from '../datasets/match-columns.js';
import type { HeaderColumn } from '@offload/formats';

/** Which column of the dataset each column of the file goes to, in the order of the file. */
export type Plan =
  { columns: DatasetColumn[]; problems?: never } | { columns?: never; problems: ColumnProblem[] };

/** Fits the columns of a file to those of a dataset, or tells in words why they do not fit. */
export function planImport(dataset: readonly DatasetColumn[], file: readonly HeaderColumn[]): Plan {
  const problems = matchColumns(dataset, file);
  if (problems.length > 0) return { problems };
  const byName = new Map(dataset.map((column) => [column.name, column]));
  return { columns: file.flatMap(({ name }) => byName.get(name) ?? []) };
}
