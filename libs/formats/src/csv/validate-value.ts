import type { ColumnType } from '@offload/contracts';
import { daysIn } from '../values/days-in.js';
import { showText } from '../values/show-text.js';

/**
 * Tells whether PostgreSQL accepts a text as a value of a type, without asking it.
 *
 * `ok` and a problem are certain: PostgreSQL surely accepts the very same text, or surely refuses it, with
 * DateStyle ISO and in every version from 15 on. `unsure` is for everything between, such as `12/31/2024`
 * or `1_000`: PostgreSQL must be asked. The empty text is a value; for null there is nothing to check.
 */
export function checkValue(type: ColumnType, text: string): 'ok' | 'unsure' | ValueProblem {
  if (text.includes('\0')) {
    return {
      code: 'nul_byte',
      message: `${showText(text)} contains a zero byte, which no value can have.`,
    };
  }
  const verdict = CHECKS[type](text);
  if (verdict === 'ok' || verdict === 'unsure') return verdict;
  return { code: verdict, message: `${showText(text)} ${reason(type, verdict)}.` };
}

/** Why a value is refused. */
export interface ValueProblem {
  code: 'not_a_value' | 'out_of_range' | 'nul_byte';
  /** A sentence for people. */
  message: string;
}

type Verdict = 'ok' | 'unsure' | 'not_a_value' | 'out_of_range';

const CHECKS: Record<ColumnType, (text: string) => Verdict> = {
  text: () => 'ok',
  bigint: checkBigint,
  numeric: checkNumeric,
  double: checkDouble,
  boolean: checkBoolean,
  date: (text) => checkTime(text, DATE),
  timestamptz: (text) => checkTime(text, TIMESTAMP),
  uuid: (text) => (UUID.test(text) ? 'ok' : 'not_a_value'),
  json: checkJson,
};

const NOUNS: Record<ColumnType, string> = {
  text: 'a text',
  bigint: 'a whole number',
  numeric: 'a number',
  double: 'a number',
  boolean: 'true or false',
  date: 'a date',
  timestamptz: 'a date and time',
  uuid: 'a UUID',
  json: 'JSON',
};

function reason(type: ColumnType, verdict: 'not_a_value' | 'out_of_range'): string {
  if (verdict === 'not_a_value') return `is not ${NOUNS[type]}`;
  const isTime = type === 'date' || type === 'timestamptz';
  return isTime ? `is ${NOUNS[type]} that does not exist` : `is too large for the type ${type}`;
}

/** The white space that PostgreSQL skips around numbers and truth values. */
const SPACE = String.raw`[ \t\n\v\f\r]*`;
const WHOLE = new RegExp(`^${SPACE}[+-]?\\d+${SPACE}$`);
/** Most whole numbers by far, and surely in range. */
const SHORT_WHOLE = /^-?\d{1,18}$/;
const DECIMAL = new RegExp(`^${SPACE}[+-]?(\\d+\\.?\\d*|\\.\\d+)(e[+-]?\\d+)?${SPACE}$`, 'i');
const SHORT_DECIMAL = /^-?\d{1,100}(?:\.\d{1,100})?$/;
/** Hexadecimal, octal, binary, and digits with underscores: numbers from PostgreSQL 16 on. */
const MODERN_NUMBER = new RegExp(`^${SPACE}[+-]?(0[xob]|[\\d.]+_)`, 'i');

function checkBigint(text: string): Verdict {
  if (SHORT_WHOLE.test(text)) return 'ok';
  if (!WHOLE.test(text)) return MODERN_NUMBER.test(text) ? 'unsure' : 'not_a_value';
  const value = BigInt.asIntN(64, toBigInt(text));
  return value === toBigInt(text) ? 'ok' : 'out_of_range';
}

function toBigInt(text: string): bigint {
  const digits = text.replace(/[^\d]/g, '').replace(/^0+(?=\d)/, '');
  if (digits.length > 30) return 10n ** 30n;
  return text.includes('-') ? -BigInt(digits) : BigInt(digits);
}

function checkNumeric(text: string): Verdict {
  if (SHORT_DECIMAL.test(text)) return 'ok';
  if (DECIMAL.test(text)) return isModest(text) ? 'ok' : 'unsure';
  return MODERN_NUMBER.test(text) || /nan|inf|e[ \t\n\v\f\r]|\d_\d/i.test(text)
    ? 'unsure'
    : 'not_a_value';
}

/** Far inside what numeric can hold: 131072 digits before the point and 16383 behind it. */
function isModest(text: string): boolean {
  const exponent = /e([+-]?\d+)/i.exec(text)?.[1] ?? '0';
  return text.length <= 1000 && Math.abs(Number(exponent)) <= 1000;
}

function checkDouble(text: string): Verdict {
  if (!DECIMAL.test(text)) return /nan|inf|0x|_/i.test(text) ? 'unsure' : 'not_a_value';
  const size = Math.abs(Number(text.trim()));
  if (size === Infinity) return 'out_of_range';
  const isZero = !/[1-9]/.test(text.replace(/e.*$/i, ''));
  return isZero || size >= MIN_NORMAL_DOUBLE ? 'ok' : 'unsure';
}

const MIN_NORMAL_DOUBLE = 2.2250738585072014e-308;

/** "Unique prefixes of these strings are also accepted, for example t or n. Leading or trailing whitespace is ignored, and case does not matter." */
function checkBoolean(text: string): Verdict {
  const word = text.replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, '').toLowerCase();
  const isUnique = word !== '' && word !== 'o';
  return isUnique && TRUTH.some((truth) => truth.startsWith(word)) ? 'ok' : 'not_a_value';
}

const TRUTH = ['true', 'false', 'yes', 'no', 'on', 'off', '1', '0'];

const DATE = /^\d{4}-\d\d-\d\d$/;
const TIMESTAMP =
  /^\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?: ?(?:Z|[+-](?:0\d|1[0-4])(?::?[0-5]\d)?))?)?$/;

/** PostgreSQL knows many ways to write a time, and all but a few words have a digit in them. */
function checkTime(text: string, canonical: RegExp): Verdict {
  if (!canonical.test(text)) {
    return /\d|now|day|tomorrow|epoch|inf/i.test(text) ? 'unsure' : 'not_a_value';
  }
  const year = 100 * twoDigits(text, 0) + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = text[16] === ':' ? twoDigits(text, 17) : 0;
  const isOnCalendar =
    year > 0 && month > 0 && month <= 12 && day > 0 && day <= daysIn(year, month);
  if (!isOnCalendar || hour > 24 || minute > 59 || second > 60) return 'out_of_range';
  return hour === 24 || second === 60 ? 'unsure' : 'ok';
}

/** In the canonical form each part has its place; one behind the end is zero. */
function twoDigits(text: string, at: number): number {
  if (at >= text.length) return 0;
  return 10 * (text.charCodeAt(at) - ZERO) + text.charCodeAt(at + 1) - ZERO;
}

const ZERO = 48;

/** Braces, and hyphens behind any group of four digits, are accepted. */
const GROUPS = '(?:[0-9a-f]{4}-?){7}[0-9a-f]{4}';
const UUID = new RegExp(`^(?:${GROUPS}|\\{${GROUPS}\\})$`, 'i');

/** jsonb keeps no zero character and numbers only as far as numeric does; PostgreSQL is asked about anything like that. */
function checkJson(text: string): Verdict {
  try {
    JSON.parse(text);
  } catch {
    return 'not_a_value';
  }
  return /\\u|[eE][+-]?\d{4}|\d{1000}/.test(text) ? 'unsure' : 'ok';
}
