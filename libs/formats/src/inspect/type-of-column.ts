import type { ColumnType, ValueOptions } from '@offload/contracts';
import { type ChosenValues, isAmbiguous, isGuess, ordersOf, stylesOf } from './choose-values.js';
import { type WordPair, WORD_PAIRS } from './known-words.js';
import type { ColumnSurvey } from './survey-column.js';

/** The type of one column, and what its values need to be read as that type. */
export interface TypedColumn {
  type: ColumnType;
  /** From 0 to 1. */
  confidence: number;
  values: ValueOptions;
}

/** Decides on the type of a column, with the numbers and dates of the whole file decided. */
export function typeOfColumn(
  survey: ColumnSurvey,
  chosen: ChosenValues,
  told: ValueOptions,
): TypedColumn {
  const { filled } = survey;
  if (filled === 0) return { type: 'text', confidence: 0, values: {} };
  const found = survey.blank > 0 ? undefined : findType(survey, chosen, told);
  const evidence = filled / (filled + 1);
  if (!found)
    return { type: 'text', confidence: survey.texts.count > 0 ? evidence : 0.5, values: {} };

  const nulls = [...survey.nullWords.keys()];
  return {
    type: found.type,
    confidence: evidence * (found.isDoubtful ? 0.7 : 1),
    values: nulls.length > 0 ? { ...found.values, nulls } : found.values,
  };
}

interface Found {
  type: ColumnType;
  values: ValueOptions;
  /** Others columns tell how to read this one. */
  isDoubtful?: boolean;
}

function findType(
  survey: ColumnSurvey,
  chosen: ChosenValues,
  told: ValueOptions,
): Found | undefined {
  return (
    findBoolean(survey, told) ??
    findNumber(survey, chosen) ??
    findMoment(survey, chosen) ??
    findOther(survey)
  );
}

function findBoolean(
  { words, hasManyWords, empty }: ColumnSurvey,
  told: ValueOptions,
): Found | undefined {
  if (hasManyWords) return undefined;
  const seen = [...words.keys()];
  if (told.trues || told.falses) {
    const trues = (told.trues ?? []).map((word) => word.toLowerCase());
    const falses = (told.falses ?? []).map((word) => word.toLowerCase());
    const isOfThem = seen.every((word) => trues.includes(word) || falses.includes(word));
    const hasBoth = seen.length > 1 || (empty > 0 && (trues.includes('') || falses.includes('')));
    if (isOfThem && hasBoth) return { type: 'boolean', values: {} };
  }
  const pair = WORD_PAIRS.find((candidate) => explains(candidate, seen));
  if (!pair || ((told.trues ?? told.falses) && !pair.isPlain)) return undefined;
  const { trues, falses } = pair;
  return {
    type: 'boolean',
    values: pair.isPlain ? {} : { trues: [...trues], falses: [...falses] },
  };
}

function explains({ trues, falses, isClear }: WordPair, words: readonly string[]): boolean {
  const isOfThem = words.every((word) => trues.includes(word) || falses.includes(word));
  return isOfThem && (isClear || words.length > 1);
}

function findNumber(survey: ColumnSurvey, chosen: ChosenValues): Found | undefined {
  const { filled, wholes, doubles, notFinite } = survey;
  if (wholes === filled) return { type: 'bigint', values: {} };
  const isPlain = chosen.number.isPlain;
  const counted = survey.numbers.find(({ style }) => style === chosen.number);
  if (!counted) return undefined;
  const numbers = wholes + counted.readable;
  const asDouble = doubles + notFinite;
  if (asDouble > 0) {
    const plain = survey.numbers.find(({ style }) => style.isPlain);
    const isDouble = wholes + doubles + (plain?.readable ?? 0) > 0 && numbers + asDouble === filled;
    return isDouble && isPlain ? { type: 'double', values: {} } : undefined;
  }
  if (numbers !== filled) return undefined;

  const { decimal, thousands } = chosen.number;
  const possible = stylesOf(survey);
  // What others write decides what `1,234` is; nothing decides when they do not.
  const isDoubtful = isAmbiguous(possible);
  if (isDoubtful && !isPlain && !chosen.isNumberProven) return undefined;
  if (isGuess(counted) && !chosen.isGroupingProven) return undefined;
  const values: ValueOptions = {};
  if (counted.decimal > 0 && decimal === ',') values.decimal = decimal;
  if (counted.grouped > 0 && thousands !== undefined) {
    values.thousands = thousands;
    values.decimal = decimal;
  }
  return {
    type: counted.whole + wholes === filled ? 'bigint' : 'numeric',
    values,
    isDoubtful: isDoubtful && !isPlain,
  };
}

function findMoment(survey: ColumnSurvey, { date }: ChosenValues): Found | undefined {
  const { filled, isoDates, isoTimes } = survey;
  if (isoDates + isoTimes === filled) {
    return { type: isoTimes === 0 ? 'date' : 'timestamptz', values: {} };
  }
  const counted = ordersOf(survey).find(({ order }) => order === date);
  if (!counted) return undefined;
  return {
    type: counted.times === 0 ? 'date' : 'timestamptz',
    values: { dates: counted.order },
    isDoubtful: ordersOf(survey).length > 1,
  };
}

function findOther({ filled, uuids, json }: ColumnSurvey): Found | undefined {
  if (uuids === filled) return { type: 'uuid', values: {} };
  return json === filled ? { type: 'json', values: {} } : undefined;
}
