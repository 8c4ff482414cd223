import type { ColumnType, ValueOptions } from '@offload/contracts';
import { showText } from '../values/show-text.js';
import { type ChosenValues, isAmbiguous, ordersOf, stylesOf } from './choose-values.js';
import { MARKS } from './known-words.js';
import type { ColumnSurvey, Oddity } from './survey-column.js';

/** Says what a person would want to know of a column before importing it: what is odd, doubtful, or looks like more than it is taken for. */
export function describeColumn(
  survey: ColumnSurvey,
  type: ColumnType,
  chosen: ChosenValues,
  values: ValueOptions,
): string[] {
  const sentences = [
    ...describeNumbers(survey, type, chosen),
    ...describeDates(survey, type, chosen),
    ...(type === 'text' ? describeTexts(survey, values) : describeTyped(survey)),
  ];
  if (survey.filled > 0 || survey.blank > 0 || survey.nullWords.size > 0) return sentences;
  return ['No value was found in the sample, so the type is a guess.'];
}

function describeNumbers(
  survey: ColumnSurvey,
  type: ColumnType,
  { number, isNumberProven }: ChosenValues,
): string[] {
  const { filled, zeros, signs, units } = survey;
  const possible = stylesOf(survey);
  const example = showText(survey.examples.find((text) => !/^\s*-?\d+\s*$/.test(text)) ?? '');
  const isNumber = type === 'bigint' || type === 'numeric';
  if (isNumber && isAmbiguous(possible) && !number.isPlain) {
    const meaning = type === 'bigint' ? 'with a separator between thousands' : 'with decimals';
    return [
      `${example} can be read in two ways; it is taken for a number ${meaning}, as other columns write them.`,
    ];
  }
  if (isNumber)
    return !number.isPlain && possible.length > 0 ? [looksLike(survey, number.decimal)] : [];
  if (type !== 'text') return [];

  if (isAmbiguous(possible) && !isNumberProven) {
    return [
      `${example} may be a number with decimals or with a separator between thousands, so it stays text. Tell “decimal” or “thousands” to make it a number.`,
    ];
  }
  if (possible.length > 0) {
    return [`${example} is not written as the numbers of this file are, so it stays text.`];
  }
  return [
    ...(isMost(zeros, filled, survey.wholes)
      ? [`Leading zeros are kept as text: ${showText(zeros.example)}.`]
      : []),
    ...(isMost(signs, filled, survey.wholes)
      ? [`Plus signs are kept as text: ${showText(signs.example)}.`]
      : []),
    ...(isMost(units, filled)
      ? [
          `Looks like numbers with something around them, so it stays text: ${showText(units.example)}.`,
        ]
      : []),
  ];
}

function looksLike(survey: ColumnSurvey, decimal: '.' | ','): string {
  const [found] = stylesOf(survey);
  const parts = [
    ...(found && found.decimal > 0 && decimal === ',' ? ['a decimal comma'] : []),
    ...(found && found.grouped > 0 ? ['separators between thousands'] : []),
  ];
  return `Looks like numbers with ${parts.join(' and ')}.`;
}

function describeDates(survey: ColumnSurvey, type: ColumnType, { date }: ChosenValues): string[] {
  const { filled, exchanged, shortYears } = survey;
  const possible = ordersOf(survey);
  if (type === 'date' || type === 'timestamptz') {
    if (possible.length === 0 || date === undefined) return [];
    const order = ORDERS[date];
    if (possible.length === 1) return [`Looks like dates written as ${order}.`];
    return [
      `${bothWays(exchanged)}; it is taken for ${order}, as ${survey.exchangeable > 0 ? 'other columns are' : 'dates with points are'}.`,
    ];
  }
  if (type !== 'text') return [];
  if (possible.length > 1) {
    return [
      `${exchanged.count} of ${filled} values are dates in an order that cannot be told: ${bothWays(exchanged)}. It stays text until “dates” is told.`,
    ];
  }
  const [only] = possible;
  if (only && date) {
    return [
      `Looks like dates written as ${ORDERS[only.order]}, while other columns write ${ORDERS[date]}; it stays text.`,
    ];
  }
  if (isMost(shortYears, filled)) {
    return [
      `Looks like dates with years of two digits, which may be of any century; it stays text: ${showText(shortYears.example)}.`,
    ];
  }
  return [];
}

const ORDERS = { ymd: 'year, month, day', dmy: 'day, month, year', mdy: 'month, day, year' };

const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August'],
  ...['September', 'October', 'November', 'December'],
];

/** “03/04/2026 could be 3 April or 4 March” */
function bothWays({ example }: Oddity): string {
  const [first = 1, second = 1] = example.split(/\D+/).filter(Boolean).map(Number);
  return `${example.trim()} could be ${first} ${MONTHS[second - 1]} or ${second} ${MONTHS[first - 1]}`;
}

function describeTexts(survey: ColumnSurvey, { nulls = [] }: ValueOptions): string[] {
  const { filled, blank, empty, words, hasManyWords, padded, texts } = survey;
  const sentences: string[] = [];
  for (const [word, count] of survey.nullWords) {
    const times = count === 1 ? 'once' : `${count} times`;
    sentences.push(
      nulls.includes(word)
        ? `“${word}” (${times}) is read as no value here, too, as another column needs it.`
        : `“${word}” (${times}) is kept as text; tell it in “nulls” to make it no value.`,
    );
  }
  const others = filled - texts.count;
  if (others > 0 && texts.count > 0 && others >= filled * 0.8) {
    sentences.push(
      `${texts.count} of ${filled} values are not like the others, which are numbers, dates or the like: ${showText(texts.example)}. With a type other than text their rows would be rejected.`,
    );
  }
  const [mark] = words.keys();
  if (!hasManyWords && words.size === 1 && mark !== undefined && MARKS.has(mark) && empty > 0) {
    sentences.push(
      `Holds “${mark}” or nothing: as boolean, with “trues” ["${mark}"] and “falses” [""], it would be true or false.`,
    );
  }
  if (blank > 0)
    sentences.push(`${counted(blank, 'is', 'are')} blank; “trim” makes them no value.`);
  if (padded.count > 0) {
    sentences.push(
      `${counted(padded.count, 'begins or ends', 'begin or end')} with white space, which is kept unless “trim” is told.`,
    );
  }
  return sentences;
}

function describeTyped({ nullWords, words, hasManyWords }: ColumnSurvey): string[] {
  const sentences: string[] = [];
  if (nullWords.size > 0) {
    const listed = [...nullWords.keys()].map((word) => `“${word}”`).join(', ');
    sentences.push(`${listed} is read as no value.`);
  }
  const isBit = !hasManyWords && words.size === 2 && words.has('0') && words.has('1');
  if (isBit) sentences.push('Holds 0 and 1 only; it may be boolean as well.');
  return sentences;
}

function counted(count: number, one: string, many: string): string {
  return count === 1 ? `1 value ${one}` : `${count} values ${many}`;
}

/** It stands out, and together with the numbers beside it it is most of the column. */
function isMost({ count }: Oddity, filled: number, beside = 0): boolean {
  return count > 0 && (count + beside) * 2 > filled;
}
