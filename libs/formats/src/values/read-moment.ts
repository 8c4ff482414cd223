import type { ValueOptions } from '@offload/contracts';
import type { ValueProblem } from '../csv/validate-value.js';
import { daysIn } from './days-in.js';
import { afterDigits, isSpace, ZERO } from './scan-text.js';
import { showText } from './show-text.js';
import type { Converter } from './value-reader.js';

type Order = NonNullable<ValueOptions['dates']>;

/**
 * Reads dates and times whose order of day, month and year is told.
 *
 * The parts stand between `/`, `.` or `-`, the same twice; day and month have one or two digits, the year has
 * four. A year of two digits is a problem: no century can be made up for it. ISO 8601 (`2026-01-31`) is
 * understood in any order, as it can be read in one way only; with the year first, so is `20260131`.
 *
 * A time of day may follow (`9:05`, `09:05:00.123`, `3:45 PM`), behind it a zone (`Z`, `UTC`, `+02:00`). In a column of
 * dates only midnight may: any other time would be lost.
 * A text without any digit is left to PostgreSQL. Undefined when no order is told.
 */
export function momentConverter(
  type: 'date' | 'timestamptz',
  { dates }: ValueOptions,
): Converter | undefined {
  if (dates === undefined) return undefined;
  const noun = type === 'date' ? 'a date' : 'a date and time';
  return (text) => {
    const found = readDate(text, dates);
    if (found === 'two-digit-year') {
      const reason = 'has a year of two digits, which may be of any century: write all four';
      return problem(text, 'not_a_value', reason);
    }
    if (found === undefined) {
      if (!/\d/.test(text)) return text;
      return problem(text, 'not_a_value', `is not ${noun} written as ${ORDERS[dates]}`);
    }
    const { year, month, day, end } = found;
    if (month < 1 || month > 12 || day < 1 || year < 1 || day > daysIn(year, month)) {
      const reason = `is a date that does not exist, read as ${ORDERS[dates]}`;
      return problem(text, 'out_of_range', reason);
    }
    const date = `${String(year).padStart(4, '0')}-${TWO_DIGITS[month]}-${TWO_DIGITS[day]}`;
    if (end === text.length) return date;

    const time = readTime(text.slice(end));
    if (time === undefined) {
      return problem(text, 'not_a_value', `is not ${noun} written as ${ORDERS[dates]}`);
    }
    if (type === 'timestamptz') return `${date} ${time.clock}${time.zone}`;
    if (time.isMidnight) return date;
    return problem(text, 'not_a_value', 'has a time of day, which a date cannot keep');
  };
}

function problem(text: string, code: ValueProblem['code'], reason: string): ValueProblem {
  return { code, message: `${showText(text)} ${reason}.` };
}

const ORDERS: Record<Order, string> = {
  ymd: 'year, month, day',
  dmy: 'day, month, year',
  mdy: 'month, day, year',
};

interface FoundDate {
  year: number;
  month: number;
  day: number;
  /** Where the date ends; the end of the text when nothing but white space follows. */
  end: number;
}

function readDate(text: string, order: Order): FoundDate | 'two-digit-year' | undefined {
  let from = 0;
  while (isSpace(text.charCodeAt(from))) from++;
  const firstEnd = afterDigits(text, from);
  const separator = text.charCodeAt(firstEnd);
  if (separator !== SLASH && separator !== POINT && separator !== DASH) {
    return order === 'ymd' && firstEnd === from + 8 ? compactDate(text, from) : undefined;
  }
  const secondEnd = afterDigits(text, firstEnd + 1);
  if (text.charCodeAt(secondEnd) !== separator) return undefined;
  const thirdEnd = afterDigits(text, secondEnd + 1);

  const lengths = [firstEnd - from, secondEnd - firstEnd - 1, thirdEnd - secondEnd - 1];
  const isIso = separator === DASH && lengths[0] === 4;
  const isYearFirst = isIso || order === 'ymd';
  const [yearLength, shorter] = isYearFirst ? [lengths[0], lengths[2]] : [lengths[2], lengths[0]];
  if (!isDayOrMonth(shorter) || !isDayOrMonth(lengths[1])) return undefined;
  if (yearLength === 2) return 'two-digit-year';
  if (yearLength !== 4) return undefined;

  const first = numberAt(text, from, firstEnd);
  const second = numberAt(text, firstEnd + 1, secondEnd);
  const third = numberAt(text, secondEnd + 1, thirdEnd);
  const end = endOf(text, thirdEnd);
  if (isYearFirst) return { year: first, month: second, day: third, end };
  if (order === 'dmy') return { year: third, month: second, day: first, end };
  return { year: third, month: first, day: second, end };
}

function compactDate(text: string, from: number): FoundDate {
  return {
    year: numberAt(text, from, from + 4),
    month: numberAt(text, from + 4, from + 6),
    day: numberAt(text, from + 6, from + 8),
    end: endOf(text, from + 8),
  };
}

/** Behind a comma or `T`, or white space; a comma as in `31.01.2026, 09:05`. */
const TIME =
  /^(?:T|,? +)(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?: ?([AP])\.?M\.?)? ?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?\s*$/i;

function readTime(text: string): { clock: string; zone: string; isMidnight: boolean } | undefined {
  const [, hours, minutes, seconds = '00', fraction, half, zone = ''] = TIME.exec(text) ?? [];
  if (hours === undefined || minutes === undefined) return undefined;
  const hour = half ? hourOfHalf(Number(hours), half) : Number(hours);
  if (hour === undefined || hour > 24 || Number(minutes) > 59) return undefined;
  const clock = `${String(hour).padStart(2, '0')}:${minutes}:${seconds}`;
  return {
    clock: fraction ? `${clock}.${fraction}` : clock,
    zone: /^[a-z]/i.test(zone) ? 'Z' : zone,
    isMidnight: clock === '00:00:00' && !/[1-9]/.test(fraction ?? '') && zone === '',
  };
}

/** Of a clock of twelve hours: 12 AM is midnight, 12 PM is noon, and there is no 0 and no 13. */
function hourOfHalf(hour: number, half: string): number | undefined {
  if (hour < 1 || hour > 12) return undefined;
  return (hour % 12) + (half.toUpperCase() === 'P' ? 12 : 0);
}

function numberAt(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) value = value * 10 + text.charCodeAt(at) - ZERO;
  return value;
}

function endOf(text: string, from: number): number {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at++;
  return at === text.length ? at : from;
}

function isDayOrMonth(length: number | undefined): boolean {
  return length === 1 || length === 2;
}

const TWO_DIGITS = Array.from({ length: 32 }, (_, number) => String(number).padStart(2, '0'));
const SLASH = 0x2f;
const POINT = 0x2e;
const DASH = 0x2d;
