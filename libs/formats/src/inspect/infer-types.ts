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
 */
export function inferTypes(
  columns: readonly HeaderColumn[],
  samples: Iterable<SampledRecord>,
  told: ValueOptions = {},
): { columns: InspectedColumn[]; values: ValueOptions } {
  const surveys = columns.map(() => new ColumnSurvey(told));
  for (const fields of samples) {
    if (fields.length !== columns.length) continue;
    fields.forEach((value, index) => surveys[index]?.add(value));
  }
  const chosen = chooseValues(surveys, told);
  const typed = surveys.map((survey) => typeOfColumn(survey, chosen, told));
  const values = { ...union(typed.map((column) => column.values)), ...told };
  return { columns: columns.map((column, index) => inspected(column, index)), values };

  function inspected(column: HeaderColumn, index: number): InspectedColumn {
    const survey = surveys[index] ?? new ColumnSurvey(told);
    const { type, confidence, values: own } = typed[index] ?? typeOfColumn(survey, chosen, told);
    return {
      ...column,
      type,
      nullable: true,
      confidence,
      examples: survey.examples.map((example) => shorten(example)),
      problems: describeColumn(survey, type, chosen, values),
      values: own,
      ...countsOf(survey, type, values),
    };
  }
}

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
