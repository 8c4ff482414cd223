import { lookOf, type Look } from './look-at-text.js';
import type { TextRecord } from './split-text.js';

/** Whether the first record names the columns. */
export interface HeaderVerdict {
  header: boolean;
  /** From 0 to 1. */
  confidence: number;
  /** A column shows it: a name stands over values of a type. */
  isHeaderShown: boolean;
}

/**
 * Judges the first record by the ones below it, column by column.
 *
 * A name over numbers, dates or the like speaks for a header, a value of the same kind against it; years in a
 * row are names. One column that speaks for it is enough, as data rarely differ so. When no column
 * speaks, the first record is a header unless half of its values occur again below.
 */
export function judgeHeader(records: readonly TextRecord[]): HeaderVerdict {
  const [first, ...body] = records.slice(0, MAX_RECORDS);
  if (!first || body.length === 0) return judgeAlone(first);

  let pro = 0;
  let contra = 0;
  let again = 0;
  const areYears = hasYearsInARow(first.fields);
  for (const [index, name] of first.fields.entries()) {
    const values = body.map(({ fields }) => fields[index] ?? null);
    const below = usualLook(values);
    const look = lookOf(name);
    if (name !== null && look !== 'nothing' && values.includes(name)) again++;
    if (below === 'text' || below === 'nothing' || look === 'nothing') continue;
    if (look === 'text') pro++;
    else if (look === below && !(areYears && isYear(name))) contra++;
  }

  const evidence = body.length / (body.length + 1);
  if (pro > 0) {
    return {
      header: true,
      confidence: (0.5 + (pro / (pro + contra)) * 0.5) * evidence,
      isHeaderShown: true,
    };
  }
  if (contra > 0) return { header: false, confidence: 0.95 * evidence, isHeaderShown: false };
  const isData = again > 0 && again * 2 >= first.fields.length;
  return {
    header: !isData,
    confidence: isData ? 0.6 : hasSoundNames(first.fields) ? 0.7 : 0.5,
    isHeaderShown: false,
  };
}

/** A single record of values names nothing. */
function judgeAlone(only: TextRecord | undefined): HeaderVerdict {
  const looks = only?.fields.map(lookOf).filter((look) => look !== 'nothing') ?? [];
  const header = looks.length === 0 || looks.includes('text');
  return { header, confidence: 0.5, isHeaderShown: false };
}

/** More would not change the judgement. */
const MAX_RECORDS = 200;

/** What nearly all values of a column look like; texts when they differ. */
function usualLook(values: readonly (string | null)[]): Look {
  const counts = new Map<Look, number>();
  let seen = 0;
  for (const value of values) {
    const look = lookOf(value);
    if (look === 'nothing') continue;
    counts.set(look, (counts.get(look) ?? 0) + 1);
    seen++;
  }
  if (seen === 0) return 'nothing';
  for (const [look, count] of counts) if (count >= seen * 0.9) return look;
  return 'text';
}

function isYear(text: string | null): boolean {
  return text !== null && /^\s*(?:19|20)\d\d\s*$/.test(text);
}

function hasYearsInARow(fields: readonly (string | null)[]): boolean {
  const years = fields.filter(isYear).map(Number);
  return (
    years.length > 1 &&
    years.every((year, index) => index === 0 || Math.abs(year - (years[index - 1] ?? 0)) === 1)
  );
}

/** All different, none empty. */
function hasSoundNames(fields: readonly (string | null)[]): boolean {
  const names = fields.map((field) => (field ?? '').trim());
  return new Set(names).size === names.length && !names.includes('');
}
