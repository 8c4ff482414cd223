import type {
  ColumnMapping,
  ColumnType,
  DatasetColumn,
  Mapping,
  ValueOptions,
} from '@offload/contracts';
import { checkValue, inferColumns } from '@offload/formats';
import { checkRules } from '../../datasets/check-rules.js';
import { matchColumns } from '../../datasets/match-columns.js';
import type { PlannedColumn } from '../import-plan.js';

/** A column of a file, as an inspection finds it. */
export interface FileColumn {
  /** An identifier for PostgreSQL. */
  name: string;
  /** What the file says. */
  original: string;
  type: ColumnType;
  /** How its values are written, so that they are of that type. */
  values: ValueOptions;
  /** How numbers and times are written anywhere in the file; no words. */
  notation: ValueOptions;
}

export interface ColumnsWanted {
  file: readonly FileColumn[];
  /** The columns of the dataset; undefined when it is made by what the file has. */
  dataset: readonly DatasetColumn[] | undefined;
  mapping: Mapping | undefined;
  /** For constants. */
  values: ValueOptions;
}

export interface PlanProblem {
  code: string;
  /** A sentence for people. */
  message: string;
}

export type ColumnsPlan =
  | { columns: PlannedColumn[]; dataset: DatasetColumn[]; problems?: never }
  | { problems: PlanProblem[] };

/**
 * Decides which column of the dataset each column of a file goes to, or tells in words why they do not fit.
 *
 * What a mapping names goes where it says; the others go by name, unless they are to be ignored. Columns that we
 * write into our own exports and lists (`_id`, `_row`, …) are left out without being named.
 */
export function planColumns(wanted: ColumnsWanted): ColumnsPlan {
  const { file, mapping } = wanted;
  const sources = (mapping?.columns ?? []).map((entry) => ({
    entry,
    from: entry.from === undefined ? null : findSource(file, entry.from),
  }));
  const problems = [
    ...sources.filter(({ from }) => from === -1).map(({ entry }) => unknownSource(entry, file)),
    ...repeatedTargets(sources.map(({ entry }) => entry)),
  ];
  if (problems.length > 0) return { problems };

  const named = new Set(sources.map(({ from }) => from));
  const others =
    mapping?.others === 'ignore'
      ? []
      : [...file.keys()].filter((index) => !named.has(index) && !isOurs(file[index]?.original));
  const given: Given[] = [
    ...sources.map(({ entry, from }) => ({ to: entry.to, from, entry })),
    ...others.map((from) => ({ to: file[from]?.name ?? '', from })),
  ].toSorted(byPlace);
  return fit(given, wanted);
}

/** Where a column of the dataset is filled from. */
interface Given {
  to: string;
  from: number | null;
  entry?: ColumnMapping;
}

function fit(given: readonly Given[], { file, dataset, values }: ColumnsWanted): ColumnsPlan {
  const columns = dataset ?? given.map((each) => newColumn(each, file));
  const found = matchColumns(
    columns,
    given.map(({ to, from, entry }) => ({
      name: to,
      original: entry || from === null ? to : (file[from]?.original ?? to),
    })),
  );
  const byName = new Map(columns.map((column) => [column.name, column]));
  const planned = given.flatMap(({ to, from, entry }): PlannedColumn[] => {
    const column = byName.get(to);
    if (!column) return [];
    const { constant, transforms, nulls } = entry ?? {};
    const own = {
      ...(transforms ? { transforms } : {}),
      ...(nulls ? { nulls } : {}),
    };
    if (from === null) return [{ column, from, constant: constant ?? null, values, ...own }];
    // A type that follows from the file holds with its words alone; one that was given knows what is a value of it.
    const written = dataset ? file[from]?.notation : file[from]?.values;
    return [{ column, from, values: written ?? values, ...own }];
  });
  const problems = [
    ...found,
    ...filledTwice(given),
    ...planned.flatMap((column) => constantProblem(column) ?? []),
  ];
  return problems.length > 0 ? { problems } : { columns: planned, dataset: [...columns] };
}

function findSource(file: readonly FileColumn[], from: string): number {
  const exact = file.findIndex(({ original }) => original === from);
  if (exact !== -1) return exact;
  const wanted = from.trim();
  const similar = file.findIndex(({ original }) => original.trim() === wanted);
  return similar === -1 ? file.findIndex(({ name }) => name === wanted) : similar;
}

const OURS = new Set(['_id', '_import_id', '_edited_at', '_row', '_error_code', '_error']);

function isOurs(original: string | undefined): boolean {
  return original !== undefined && OURS.has(original.trim());
}

function newColumn({ to, from, entry }: Given, file: readonly FileColumn[]): DatasetColumn {
  const type = from === null ? constantType(entry?.constant ?? null) : file[from]?.type;
  return { name: to, type: type ?? 'text', nullable: true };
}

function constantType(constant: string | null): ColumnType {
  const [column] = inferColumns(['constant'], [[constant]]);
  return column?.type ?? 'text';
}

function unknownSource({ from }: ColumnMapping, file: readonly FileColumn[]): PlanProblem {
  const names = file.slice(0, 20).map(({ original }) => `“${original.trim()}”`);
  const others = file.length > names.length ? ', …' : '';
  return {
    code: 'unknown_source_column',
    message: `The file has no column “${from}”. It has ${names.join(', ')}${others}.`,
  };
}

function repeatedTargets(entries: readonly ColumnMapping[]): PlanProblem[] {
  return filledTwice(entries.map(({ to }) => ({ to })));
}

function filledTwice(given: readonly { to: string }[]): PlanProblem[] {
  const names = given.map(({ to }) => to);
  const twice = new Set(names.filter((name, index) => names.indexOf(name) < index));
  return [...twice].map((name) => ({
    code: 'filled_twice',
    message: `The column “${name}” is filled twice. Ignore one of the two columns of the file, or map it elsewhere.`,
  }));
}

function constantProblem({ column, from, constant }: PlannedColumn): PlanProblem | undefined {
  if (from !== null) return undefined;
  const { name, nullable, type } = column;
  if (constant === null || constant === undefined) {
    if (nullable) return undefined;
    return { code: 'invalid_constant', message: `“${name}” must not be empty.` };
  }
  const checked = checkValue(type, constant);
  const verdict = checked === 'ok' ? checkRules(column, constant) : checked;
  if (typeof verdict !== 'object') return undefined;
  return {
    code: 'invalid_constant',
    message: `The constant for “${name}” does not fit. ${verdict.message}`,
  };
}

/** In the order of the file, so that its bytes can be copied as they are; constants come last. */
function byPlace(one: Given, other: Given): number {
  return (one.from ?? Infinity) - (other.from ?? Infinity) || 0;
}
