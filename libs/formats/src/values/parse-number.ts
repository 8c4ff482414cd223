import type { ValueOptions } from '@offload/contracts';
import { afterDigits, isSpace } from './scan-text.js';

/** How numbers are written, as codes of characters. */
export interface NumberCodes {
  /** Code of the character; -1 for whole numbers. */
  decimal: number;
  /** Codes of the characters that may stand between thousands. */
  separators: readonly number[];
  hasExponent: boolean;
}

/** The number as PostgreSQL writes it; undefined when the text is none in this style. White space around it is cut off. */
export function parseNumber(
  text: string,
  { decimal, separators, hasExponent }: NumberCodes,
): string | undefined {
  let from = 0;
  let end = text.length;
  while (from < end && isSpace(text.charCodeAt(from))) from++;
  while (end > from && isSpace(text.charCodeAt(end - 1))) end--;

  const first = text.charCodeAt(from);
  let at = first === PLUS || first === MINUS ? from + 1 : from;
  const digitsFrom = at;
  at = afterDigits(text, at);
  const leading = at - digitsFrom;
  let whole = '';
  if (at < end && separators.includes(text.charCodeAt(at))) {
    if (leading === 0 || leading > 3) return undefined;
    whole = text.slice(from, at);
    while (at < end && separators.includes(text.charCodeAt(at))) {
      if (afterDigits(text, at + 1) !== at + 4) return undefined;
      whole += text.slice(at + 1, at + 4);
      at += 4;
    }
  } else {
    if (at === end) return leading > 0 ? text.slice(from, end) : undefined;
    whole = text.slice(from, at);
  }

  let digits = leading;
  let rest = '';
  if (at < end && text.charCodeAt(at) === decimal) {
    const to = afterDigits(text, at + 1);
    digits += to - at - 1;
    rest = `.${text.slice(at + 1, to)}`;
    at = to;
  }
  if (hasExponent && at < end && (text.charCodeAt(at) | LOWER) === E) {
    const sign = text.charCodeAt(at + 1);
    const exponentFrom = sign === PLUS || sign === MINUS ? at + 2 : at + 1;
    const to = afterDigits(text, exponentFrom);
    if (to === exponentFrom) return undefined;
    rest += text.slice(at, to);
    at = to;
  }
  return at === end && digits > 0 ? whole + rest : undefined;
}

/** The codes of a style with or without decimals. */
export function numberCodes(
  decimal: '.' | ',',
  thousands: ValueOptions['thousands'],
  { isWhole = false }: { isWhole?: boolean } = {},
): NumberCodes {
  return {
    decimal: isWhole ? -1 : decimal.charCodeAt(0),
    separators: codesOf(thousands),
    hasExponent: !isWhole,
  };
}

/** A space may be one that does not break, or a narrow one; an apostrophe may be a typographic one. */
function codesOf(thousands: ValueOptions['thousands']): number[] {
  if (thousands === undefined) return [];
  if (thousands === ' ') return [0x20, 0xa0, 0x202f];
  return thousands === "'" ? [0x27, 0x2019] : [thousands.charCodeAt(0)];
}

const PLUS = 0x2b;
const MINUS = 0x2d;
const E = 0x65;
const LOWER = 0x20;
