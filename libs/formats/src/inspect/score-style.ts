import { looksClean, looksTyped } from './look-at-text.js';
import { splitText, type TextRecord, type TextStyle } from './split-text.js';

/** What speaks for a style. */
export interface Scored {
  style: TextStyle;
  /** From 0 to 1; 0 when the style divides nothing. */
  score: number;
  width: number;
  records: number;
  quotedFields: number;
  /** Quotes that are neither opening, closing nor doubled, or that are never closed. */
  troubles: number;
}

export const PRIMARY_DELIMITERS = [',', ';', '\t', '|', '\x01'];
export const OTHER_DELIMITERS = ['^', '~', ':', ' '];

/**
 * Judges a style by the records that it makes: how many are as wide as the first (or, under title lines, as
 * most are), and how many of their fields look like one thing.
 */
export function scoreStyle(text: string, style: TextStyle, whole: { isWhole: boolean }): Scored {
  const { records, quotedFields, strayQuotes, openQuotes } = splitText(text, style, whole);
  // The last one may be a total, or cut off.
  const judged = records.length > 2 ? records.slice(0, -1) : records;
  const { width, share } = regularity(judged);
  const isUsable =
    width > 1 &&
    (!OTHER_DELIMITERS.includes(style.delimiter) || isBeyondDoubt(records, style, share));
  const score = isUsable ? share * (0.7 + 0.3 * cleanShare(judged)) : 0;
  const troubles = strayQuotes + openQuotes;
  return { style, score, width, records: records.length, quotedFields, troubles };
}

/** The best of several, and how sure that is; undefined when none divides anything. */
export function best(
  candidates: readonly Scored[],
): { chosen: Scored; confidence: number } | undefined {
  const usable = candidates.filter(({ score }) => score > 0);
  const [chosen, next] = usable.toSorted((a, b) => b.score - a.score || b.width - a.width);
  if (!chosen) return undefined;
  const lead = Math.min(1, (chosen.score - (next?.score ?? 0)) / 0.2);
  const evidence =
    chosen.records > 1 && PRIMARY_DELIMITERS.includes(chosen.style.delimiter) ? 1 : 0.7;
  return { chosen, confidence: chosen.score * (0.5 + 0.5 * lead) * evidence };
}

/**
 * A first record that others resemble is a header. One that few resemble may be a title: then most of the
 * records behind it have to agree. Neither, and the first one counts all the same, for little.
 */
function regularity(records: readonly TextRecord[]): { width: number; share: number } {
  const widths = records.map(({ fields }) => fields.length);
  const width = widths[0] ?? 0;
  const share = shareOf(widths, width);
  if (width > 1 && share >= 0.5) return { width, share };

  const usual = mostFrequent(widths.filter((other) => other > 1));
  const start = widths.indexOf(usual);
  const isTitled = start > 0 && start <= MAX_TITLE_LINES && widths.length - start > 1;
  const below = shareOf(widths.slice(start), usual);
  if (isTitled && below >= 0.7) return { width: usual, share: shareOf(widths, usual) * 0.9 };
  return { width, share: share * 0.5 };
}

export const MAX_TITLE_LINES = 50;

function shareOf(widths: readonly number[], width: number): number {
  return widths.filter((other) => other === width).length / Math.max(1, widths.length);
}

export function mostFrequent(numbers: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  const [most] = [...counts].toSorted((a, b) => b[1] - a[1] || b[0] - a[0]);
  return most?.[0] ?? 0;
}

function cleanShare(records: readonly TextRecord[]): number {
  let clean = 0;
  let fields = 0;
  for (const record of records) {
    for (const field of record.fields) {
      fields++;
      if (looksClean(field)) clean++;
    }
  }
  return fields === 0 ? 0 : clean / fields;
}

/** A character that is common in texts divides only when every line agrees and the parts look like columns. */
function isBeyondDoubt(
  records: readonly TextRecord[],
  { delimiter }: TextStyle,
  share: number,
): boolean {
  if (delimiter === '^' || delimiter === '~') return share >= 0.9 && records.length > 1;
  const lines = records.map(({ fields }) => fields.map((field) => field ?? '').join(delimiter));
  const areValues = lines.slice(1).every((line) => looksTyped(line));
  const areAddresses = lines.some((line) => line.includes('://'));
  if (share < 1 || areValues || areAddresses) return false;
  return delimiter === ':' ? records.length > 2 : records.length > 4 && haveTypedColumns(records);
}

function haveTypedColumns(records: readonly TextRecord[]): boolean {
  const [, ...body] = records;
  const columns = body[0]?.fields.length ?? 0;
  const typed = Array.from({ length: columns }, (_, index) => {
    return body.every(({ fields }) => looksTyped(fields[index] ?? ''));
  });
  return typed.filter(Boolean).length * 2 >= columns;
}
