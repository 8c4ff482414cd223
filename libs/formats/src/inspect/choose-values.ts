import type { ValueOptions } from '@offload/contracts';
import type { Order } from '../values/parse-moment.js';
import type { NumberStyle } from './number-styles.js';
import type { ColumnSurvey, DateCount, NumberCount } from './survey-column.js';

/** How all columns of a file write numbers and dates: there is one answer for the whole file. */
export interface ChosenValues {
  number: NumberStyle;
  /** Some column can be read in no other way. */
  isNumberProven: boolean;
  /** It was told, or some value can be read in no other way, that its separators stand between thousands. */
  isGroupingProven: boolean;
  /** Undefined when no column shows one. */
  date: Order | undefined;
}

/**
 * Finds the one way of writing numbers, and the one order of dates, that explains most columns.
 *
 * Only columns that can be read in one way count: a column of `1,234` or of `03/04/2026` proves nothing, and is read
 * the way that others prove. Of ways that explain equally many, the plainest is chosen.
 */
export function chooseValues(surveys: readonly ColumnSurvey[], told: ValueOptions): ChosenValues {
  const number = chooseNumber(surveys);
  const date = chooseDate(surveys, told);
  return {
    number: number.chosen,
    isNumberProven: number.proofs > 0 || told.decimal !== undefined || told.thousands !== undefined,
    isGroupingProven:
      told.thousands !== undefined ||
      surveys
        .flatMap(stylesOf)
        .some(({ style, certain }) => style === number.chosen && certain > 0),
    date: date?.chosen,
  };
}

function chooseNumber(surveys: readonly ColumnSurvey[]): { chosen: NumberStyle; proofs: number } {
  const proving = surveys
    .map(stylesOf)
    .filter((counts) => !isAmbiguous(counts) && !counts.every(isGuess));
  const styles = surveys[0]?.numbers.map(({ style }) => style) ?? [];
  const ranked = styles.map((style) => {
    return {
      chosen: style,
      proofs: proving.filter((counts) => counts.some((one) => one.style === style)).length,
    };
  });
  const [first, ...others] = ranked;
  if (!first) throw new Error('A file has at least one column, and numbers at least one style.');
  return others.reduce((most, other) => (other.proofs > most.proofs ? other : most), first);
}

/** The styles in which all values of a column are numbers, if any of them is more than a plain whole number. */
export function stylesOf(survey: ColumnSurvey): NumberCount[] {
  const others = survey.filled - survey.wholes;
  return others === 0 ? [] : survey.numbers.filter(({ readable }) => readable === others);
}

/** Two styles make different numbers of the same texts: `1,234` is 1234, or a little more than one. */
export function isAmbiguous(counts: readonly NumberCount[]): boolean {
  return new Set(counts.map(({ decimal }) => decimal > 0)).size > 1;
}

/** `1.234` with a point between thousands: only another column, or a person, can tell that it is no decimal point. */
export function isGuess({ style, grouped, certain }: NumberCount): boolean {
  return grouped > 0 && certain === 0 && (style.thousands === ',' || style.thousands === '.');
}

function chooseDate(
  surveys: readonly ColumnSurvey[],
  told: ValueOptions,
): { chosen: Order; proofs: number } | undefined {
  const orders = surveys[0]?.dates.map(({ order }) => order) ?? [];
  const ranked = orders.map((order) => {
    return { chosen: order, proofs: surveys.filter((survey) => provesOrder(survey, order)).length };
  });
  const [most] = ranked.toSorted((a, b) => b.proofs - a.proofs);
  return most && (most.proofs > 0 || told.dates !== undefined) ? most : undefined;
}

/** Between points the day comes first, everywhere: nobody writes month.day.year. */
function provesOrder(survey: ColumnSurvey, order: Order): boolean {
  const possible = ordersOf(survey);
  if (possible.length === 1) return possible[0]?.order === order;
  return possible.length > 1 && survey.exchangeable === 0 && order === 'dmy';
}

/** The orders in which all values of a column are dates, unless all are ISO 8601 and need none. */
export function ordersOf(survey: ColumnSurvey): DateCount[] {
  if (survey.isoDates + survey.isoTimes === survey.filled) return [];
  return survey.dates.filter(({ dates, times }) => dates + times === survey.filled);
}
