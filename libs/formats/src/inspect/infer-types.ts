import { setImmediate } from 'node:timers/promises';
import type { ColumnType, ValueOptions } from '@offload/contracts';
import type { HeaderColumn } from '../csv/column-names.js';
import type { SampledRecord } from '../csv/sample-records.js';
import { chooseValues } from './choose-values.js';
import { describeColumn } from './describe-column.js';
import { ColumnSurvey } from './survey-column.js';
import { typeOfColumn } from './type-of-column.js';

/** What a sample tells of one column. */
export interface InspectedColumn extends HeaderColumn {
  /** Holds for every value of the sample; the import proves it on every row. */
  type: ColumnType;
  /** Always: a sample cannot promise that no value is missing. */
  nullable: boolean;
  /** Of the type, from 0 to 1. */
  confidence: number;
  /** Up to five different values, as they stand in the file. */
  examples: string[];
  /** Sentences for people: what is odd, doubtful, or read otherwise than it looks. */
  problems: string[];
  /** The options for values that the type needs. */
  values: ValueOptions;
  /** How many values of the sample there were. */
  filled: number;
  empty: number;
}

/**
 * Proposes a type for each column, and the options for values with which every sampled value is of that type.
 *
 * Nothing is lost by a type: `00123` and `+49 30 1234` stay texts, whole numbers beyond bigint are numeric. Decimal commas,
 * thousands separators and orders of dates are proposed when some column can be read in no other way, the same for
 * all columns, as an import reads all of them alike; a column that can be read in two ways stays one of texts and says so.
 * Words for “no value” are proposed where all other values have a type.
 * Throws the reason of the signal when it is aborted.
 */
export async function inferTypes(
  columns: readonly HeaderColumn[],
  samples: readonly SampledRecord[],
  told: ValueOptions = {},
  signal?: AbortSignal,
): Promise<{ columns: InspectedColumn[]; values: ValueOptions }> {
  const surveys = await survey(columns.length, samples, told, signal);
  const chosen = chooseValues(surveys, told);
  const typed = surveys.map((surveyed) => typeOfColumn(surveyed, chosen, told));
  const values = { ...union(typed.map((column) => column.values)), ...told };
  return { columns: columns.map((column, index) => inspected(column, index)), values };

  function inspected(column: HeaderColumn, index: number): InspectedColumn {
    const surveyed = surveys[index] ?? new ColumnSurvey(told);
    const { type, confidence, values: own } = typed[index] ?? typeOfColumn(surveyed, chosen, told);
    return {
      ...column,
      type,
      nullable: true,
      confidence,
      examples: surveyed.examples.map((example) => shorten(example)),
      problems: describeColumn(surveyed, type, chosen, values),
      values: own,
      ...countsOf(surveyed, type, values),
    };
  }
}

/** Looks at every value, and lets others have the processor in between: some samples take a second. */
async function survey(
  width: number,
  samples: readonly SampledRecord[],
  told: ValueOptions,
  signal: AbortSignal | undefined,
): Promise<ColumnSurvey[]> {
  const surveys = Array.from({ length: width }, () => new ColumnSurvey(told));
  let untilBreath = VALUES_AT_ONCE;
  for (const fields of samples) {
    if (fields.length !== width) continue;
    fields.forEach((value, index) => surveys[index]?.add(value));
    untilBreath -= width;
    if (untilBreath > 0) continue;
    untilBreath = VALUES_AT_ONCE;
    await setImmediate();
    signal?.throwIfAborted();
  }
  return surveys;
}

/** A few milliseconds. */
const VALUES_AT_ONCE = 2000;

/** Lists are joined; what else a column needs is the same in all columns that need it. */
function union(all: readonly ValueOptions[]): ValueOptions {
  const joined: ValueOptions = Object.assign({}, ...all);
  for (const key of ['nulls', 'trues', 'falses'] as const) {
    const words = [...new Set(all.flatMap((values) => values[key] ?? []))];
    if (words.length > 0) joined[key] = words;
  }
  return joined;
}

function shorten(text: string): string {
  const characters = Array.from(text.slice(0, 2 * MAX_EXAMPLE));
  return characters.length > MAX_EXAMPLE ? `${characters.slice(0, MAX_EXAMPLE).join('')}…` : text;
}

const MAX_EXAMPLE = 100;

/** Words for “no value” are none in a column of texts, unless they are in all columns. */
function countsOf(
  { filled, empty, blank, nullWords }: ColumnSurvey,
  type: ColumnType,
  { nulls = [] }: ValueOptions,
): { filled: number; empty: number } {
  const counts = { filled: type === 'text' ? filled + blank : filled, empty };
  if (type !== 'text') counts.empty += blank;
  for (const [word, count] of nullWords) {
    counts[type !== 'text' || nulls.includes(word) ? 'empty' : 'filled'] += count;
  }
  return counts;
}
