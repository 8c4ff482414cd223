import type { DatasetColumn } from '@offload/contracts';

/**
 * Compares the columns of a file with those of an existing dataset, by name; the order is free.
 *
 * Nullable columns may be missing from the file and are then null; generated ones must be, since the database fills
 * them. Anything else is a problem, told with the names as they stand in the file. No problems means that the file can be loaded.
 */
export function matchColumns(
  dataset: readonly DatasetColumn[],
  file: readonly { name: string; original: string }[],
): ColumnProblem[] {
  const known = new Map(dataset.map((column) => [column.name, column]));
  const given = new Set(file.map(({ name }) => name));
  return [
    ...file.filter(({ name }) => !known.has(name)).map((column) => unknownColumn(column, dataset)),
    ...file.filter(({ name }) => known.get(name)?.generated).map(generatedColumn),
    ...dataset
      .filter(({ name, nullable, generated }) => !nullable && !generated && !given.has(name))
      .map(missingColumn),
  ];
}

/** Why a file does not fit a dataset. */
export interface ColumnProblem {
  code: 'unknown_column' | 'generated_column' | 'missing_column';
  column: string;
  /** A sentence for people. */
  message: string;
}

function unknownColumn(
  { name, original }: { name: string; original: string },
  dataset: readonly DatasetColumn[],
): ColumnProblem {
  const alike = dataset.find((column) => plain(column.name) === plain(name));
  const hint = alike ? ` Did you mean “${alike.name}”?` : '';
  const column = original.trim() || name;
  return {
    code: 'unknown_column',
    column,
    message: `The dataset has no column “${column}”.${hint}`,
  };
}

function generatedColumn({ name, original }: { name: string; original: string }): ColumnProblem {
  const column = original.trim() || name;
  return {
    code: 'generated_column',
    column,
    message: `The column “${column}” is filled by the database. Leave it out of the file, or ignore it in the mapping.`,
  };
}

function missingColumn({ name }: DatasetColumn): ColumnProblem {
  return {
    code: 'missing_column',
    column: name,
    message: `The file has no column “${name}”, which must not be empty.`,
  };
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}
