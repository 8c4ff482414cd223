import type { DatasetColumn, DatasetKey } from '@offload/contracts';
import { isSystemColumn, MAX_COLUMNS } from '../csv/column-names.js';
import { checkColumnRules } from './check-column-rules.js';
import { type DatasetProblem, listed, problem } from './dataset-problem.js';

/** What a dataset is declared to be. */
export interface DatasetShape {
  columns: readonly DatasetColumn[];
  keys: readonly DatasetKey[];
}

/**
 * Tells everything that is wrong with the columns and keys of a dataset, as far as it can be told without
 * PostgreSQL, which alone knows whether a pattern is a regular expression.
 *
 * `known` is what the dataset has already: keys may name its columns, and new ones may not be called like them.
 * No problems means that the table can be made.
 */
export function checkColumns(
  { columns, keys }: DatasetShape,
  known: DatasetShape = { columns: [], keys: [] },
): DatasetProblem[] {
  const all = [...known.columns, ...columns];
  return [
    ...checkCount(all.length),
    ...columns.flatMap(({ name }, index) => checkName(name, ['columns', index, 'name'])),
    ...findRepeatedNames(columns, known.columns),
    ...columns.flatMap((column, index) => checkColumnRules(column, ['columns', index])),
    ...keys.flatMap((key, index) => checkKey(key, all, ['keys', index])),
    ...findRepeatedKeys(keys, known.keys),
  ];
}

type Path = DatasetProblem['path'];

function checkCount(count: number): DatasetProblem[] {
  if (count <= MAX_COLUMNS) return [];
  const message = `A dataset has at most ${MAX_COLUMNS} columns; this would be ${count}.`;
  return [problem('too_many_columns', ['columns'], message)];
}

function checkName(name: string, path: Path): DatasetProblem[] {
  if (name.startsWith('_')) {
    const message = `“${name}” is reserved: names that begin with _ are the system’s own.`;
    return [problem('reserved_name', path, message)];
  }
  if (isSystemColumn(name)) {
    const message = `“${name}” is reserved: PostgreSQL keeps this name for itself.`;
    return [problem('reserved_name', path, message)];
  }
  if (/\p{Cc}/u.test(name) || name.trim() !== name || !name.isWellFormed()) {
    const message = `The name ${JSON.stringify(name)} has white space at an end, or characters that cannot be seen. Leave them out.`;
    return [problem('invalid_name', path, message)];
  }
  return [];
}

function findRepeatedNames(
  columns: readonly DatasetColumn[],
  known: readonly DatasetColumn[],
): DatasetProblem[] {
  const taken = new Set(known.map(({ name }) => name));
  return columns.flatMap(({ name }, index) => {
    const isRepeated = taken.has(name);
    taken.add(name);
    if (!isRepeated) return [];
    const message = known.some((column) => column.name === name)
      ? `The dataset has a column “${name}” already.`
      : `There are two columns “${name}”.`;
    return [problem('repeated_name', ['columns', index, 'name'], message)];
  });
}

function checkKey(
  key: DatasetKey,
  columns: readonly DatasetColumn[],
  path: Path,
): DatasetProblem[] {
  return key.flatMap((name, index): DatasetProblem[] => {
    const column = columns.find((each) => each.name === name);
    if (!column) {
      const message = `A key names “${name}”, which is no column of the dataset.`;
      return [problem('unknown_column', [...path, index], message)];
    }
    if (column.type === 'json') {
      const message = `“${name}” is of type json, which cannot be part of a key.`;
      return [problem('rule_does_not_fit', [...path, index], message)];
    }
    if (key.indexOf(name) === index) return [];
    return [problem('repeated_key', [...path, index], `A key names “${name}” twice.`)];
  });
}

/** The order of the columns in a key makes no other key of it. */
function findRepeatedKeys(
  keys: readonly DatasetKey[],
  known: readonly DatasetKey[],
): DatasetProblem[] {
  const taken = new Set(known.map(setOf));
  return keys.flatMap((key, index) => {
    const isRepeated = taken.has(setOf(key));
    taken.add(setOf(key));
    if (!isRepeated) return [];
    const names = listed(
      key.map((name) => `“${name}”`),
      'and',
    );
    return [problem('repeated_key', ['keys', index], `The key of ${names} is there already.`)];
  });
}

function setOf(key: DatasetKey): string {
  return JSON.stringify(key.toSorted());
}
