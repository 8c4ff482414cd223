import type { RecordProblem } from './record-problem.js';

/**
 * How a conversion hands on what it found wrong with a value: in bytes that no UTF-8 text contains.
 *
 * The canonical text has no other place for it, and PostgreSQL refuses such bytes as well, so that a marked
 * record can never pass for a sound one. `FF` alone stands for a character that could not be read; a mark
 * before a value names the problem, and is no part of the value.
 */
export const UNREADABLE = 0xff;

/** The mark to put before a value. */
export function markOf(code: MarkedCode): Buffer {
  return Buffer.from([...SIGNATURE, LETTERS[code].charCodeAt(0)]);
}

/** The problem that is marked at the beginning of a value, if there is one. */
export function markedProblem(bytes: Buffer, from: number, to: number): MarkedCode | undefined {
  if (bytes[from] !== SIGNATURE[0] || from + MARK_LENGTH > to) return undefined;
  if (!SIGNATURE.every((byte, index) => bytes[from + index] === byte)) return undefined;
  return CODES.get(String.fromCharCode(bytes[from + SIGNATURE.length] ?? 0));
}

/** Tells whether the problem may have been found by a conversion. */
export function isMarkedCode(code: RecordProblem['code']): code is MarkedCode {
  return code in LETTERS;
}

/** The bytes without any marks. */
export function withoutMarks(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1');
  return Buffer.from(text.replaceAll(ANY_MARK, ''), 'latin1');
}

export type MarkedCode = Extract<
  RecordProblem['code'],
  'unclosed_quote' | 'ambiguous_quote' | 'formula_without_value'
>;

/** Bytes of a mark. */
export const MARK_LENGTH = 4;
const SIGNATURE = [0xff, 0xfe, 0xff];
const LETTERS: Record<MarkedCode, string> = {
  unclosed_quote: 'u',
  ambiguous_quote: 'a',
  formula_without_value: 'f',
};
const CODES = new Map(
  Object.entries(LETTERS).map(([code, letter]) => [letter, code as MarkedCode] as const),
);
const ANY_MARK = /\xff\xfe\xff[uaf]/g;
