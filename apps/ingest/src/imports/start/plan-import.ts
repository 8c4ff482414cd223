import type { DatasetKey, ImportOptions } from '@offload/contracts';
import type { ResolvedSource } from '@offload/formats';
import type { ImportPlan, PlannedDataset, Sink } from '../import-plan.js';
import type { ImportRun } from '../import-run.entity.js';
import { isAllOrNothing } from '../progress/judge-limit.js';
import { type FileColumn, planColumns, type PlanProblem } from './plan-columns.js';

export interface PlanInputs {
  source: ResolvedSource;
  file: readonly FileColumn[];
  options: ImportOptions;
  wanted: ImportRun['wanted'];
  /** The dataset as it is; undefined when there is none of this name. */
  dataset: (PlannedDataset & { tableName: string }) | undefined;
}

export type Planned = { plan: ImportPlan } | { problems: PlanProblem[] };

/** Resolves what an import is asked to do against its file and its dataset, or tells in words why that does not fit. */
export function planImport({ source, file, options, wanted, dataset }: PlanInputs): Planned {
  const fitted = planColumns({
    file,
    dataset: dataset?.columns ?? wanted.columns,
    mapping: options.mapping,
    values: options.values,
  });
  if (fitted.problems) return { problems: fitted.problems };
  const planned: PlannedDataset = dataset ?? {
    tableName: null,
    columns: fitted.dataset,
    keys: wanted.keys ?? (options.mode === 'upsert' && options.key ? [options.key] : []),
    lastId: 0,
  };
  const filled = fitted.columns.map(({ column }) => column.name);
  const key = options.mode === 'upsert' ? chooseKey(options.key, planned.keys, filled) : null;
  if (key && 'code' in key) return { problems: [key] };
  return {
    plan: {
      source,
      sourceColumns: file.map(({ original }) => original),
      columns: fitted.columns,
      dataset: planned,
      sink: chooseSink(options, planned),
      key,
    },
  };
}

/** What an upsert goes by: a key that the database keeps unique, and that the file fills. */
function chooseKey(
  wanted: DatasetKey | undefined,
  keys: readonly DatasetKey[],
  filled: readonly string[],
): DatasetKey | PlanProblem {
  const key = wanted ? keys.find((each) => isSame(each, wanted)) : keys[0];
  if (!key) return wanted ? unknownKey(wanted, keys) : withoutKey;
  const missing = key.filter((name) => !filled.includes(name));
  if (missing.length === 0) return key;
  const names = missing.map((name) => `“${name}”`).join(', ');
  return {
    code: 'key_not_filled',
    message: `Rows are told apart by ${names}, which the file does not fill.`,
  };
}

const withoutKey: PlanProblem = {
  code: 'key_missing',
  message:
    'To update rows it must be known how to tell them apart. Name a `key`, or give the dataset one.',
};

function unknownKey(wanted: DatasetKey, keys: readonly DatasetKey[]): PlanProblem {
  const known = keys.map((key) => key.map((name) => `“${name}”`).join(' with '));
  const has = known.length > 0 ? `It has: ${known.join('; ')}.` : 'It has none.';
  return {
    code: 'key_unknown',
    message: `The dataset has no key of ${wanted.map((name) => `“${name}”`).join(', ')}. ${has} Add the key to the dataset first.`,
  };
}

function isSame(one: DatasetKey, other: DatasetKey): boolean {
  return one.length === other.length && one.every((name) => other.includes(name));
}

/** Rows go straight into the dataset where none of them can be refused or taken back later. */
function chooseSink(options: ImportOptions, { keys, tableName }: PlannedDataset): Sink {
  const { mode, dryRun, holdForReview } = options;
  // Where there is nothing to be replaced, adding is the same.
  if (mode === 'replace' && tableName !== null) return 'replace';
  const isDirect =
    mode === 'append' && keys.length === 0 && !dryRun && !holdForReview && !isAllOrNothing(options);
  return isDirect ? 'direct' : 'merge';
}
