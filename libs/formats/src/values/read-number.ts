import type { ValueOptions } from '@offload/contracts';
import type { Converter } from './value-reader.js';
import { afterDigits, isSpace } from './scan-text.js';
import { showText } from './show-text.js';

type NumberType = 'bigint' | 'numeric' | 'double';

/**
 * Reads numbers with a decimal comma or with separators between thousands.
 *
 * Strictly: groups have three digits (the first one to three), all digits are grouped or none is, and behind
 * the decimal separator there are no groups. So `12.34,5` and `1.5`, where thousands are separated by points, are
 * problems, and never numbers of another size. A text without any digit is left to PostgreSQL (`NaN`).
 * Undefined when numbers are written as PostgreSQL reads them.
 */
export function numberConverter(type: NumberType, values: ValueOptions): Converter | undefined {
  const { thousands } = values;
  const decimal = values.decimal ?? (thousands === '.' ? ',' : '.');
  const isWhole = type === 'bigint';
  if (thousands === undefined && (isWhole || decimal === '.')) return undefined;

  const style: Style = {
    decimal: isWhole ? -1 : decimal.charCodeAt(0),
    separators: codesOf(thousands),
    hasExponent: !isWhole,
  };
  const description = describe(type, decimal, thousands);
  return (text) => {
    const canonical = readNumber(text, style);
    if (canonical !== undefined) return canonical;
    if (!/\d/.test(text)) return text;
    return { code: 'not_a_value', message: `${showText(text)} is not ${description}.` };
  };
}

interface Style {
  /** Code of the character; -1 for whole numbers. */
  decimal: number;
  /** Codes of the characters that may stand between thousands. */
  separators: readonly number[];
  hasExponent: boolean;
}

function readNumber(text: string, { decimal, separators, hasExponent }: Style): string | undefined {
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

/** A space may be one that does not break, or a narrow one; an apostrophe may be a typographic one. */
function codesOf(thousands: ValueOptions['thousands']): number[] {
  if (thousands === undefined) return [];
  if (thousands === ' ') return [0x20, 0xa0, 0x202f];
  return thousands === "'" ? [0x27, 0x2019] : [thousands.charCodeAt(0)];
}

function describe(type: NumberType, decimal: string, thousands: ValueOptions['thousands']): string {
  const separator = thousands === ' ' ? 'a space' : `“${thousands}”`;
  const parts = [
    ...(type !== 'bigint'
      ? [decimal === ',' ? 'with a decimal comma' : 'with a decimal point']
      : []),
    ...(thousands !== undefined ? [`with ${separator} between thousands or nothing`] : []),
  ];
  return `${type === 'bigint' ? 'a whole number' : 'a number'} ${parts.join(', ')}`;
}

const PLUS = 0x2b;
const MINUS = 0x2d;
const E = 0x65;
const LOWER = 0x20;
