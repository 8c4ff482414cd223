import type { ValueOptions } from '@offload/contracts';
import { daysIn } from './days-in.js';
import { afterDigits, isSpace, ZERO } from './scan-text.js';

export type Order = NonNullable<ValueOptions['dates']>;

/** A date, and a time of day if there is one, as PostgreSQL writes them. */
export interface Moment {
  date: string;
  /** Empty when there is only a date. */
  clock: string;
  /** `Z`, an offset, or empty. */
  zone: string;
  /** No time of day, or midnight without a zone. */
  isMidnight: boolean;
}

export type NoMoment = 'unreadable' | 'two-digit-year' | 'not-on-calendar';

/** Reads a date, perhaps with a time of day, in one order of day, month and year; or says why it is none. */
export function parseMoment(text: string, order: Order): Moment | NoMoment {
  const found = readDate(text, order);
  if (typeof found === 'string') return found;
  const { year, month, day, end } = found;
  if (month < 1 || month > 12 || day < 1 || year < 1 || day > daysIn(year, month)) {
    return 'not-on-calendar';
  }
  const date = `${String(year).padStart(4, '0')}-${TWO_DIGITS[month]}-${TWO_DIGITS[day]}`;
  if (end === text.length) return { date, clock: '', zone: '', isMidnight: true };
  const time = readTime(text.slice(end));
  return time ? { date, ...time } : 'unreadable';
}

interface FoundDate {
  year: number;
  month: number;
  day: number;
  /** Where the date ends; the end of the text when nothing but white space follows. */
  end: number;
}

function readDate(text: string, order: Order): FoundDate | NoMoment {
  let from = 0;
  while (isSpace(text.charCodeAt(from))) from++;
  const firstEnd = afterDigits(text, from);
  const separator = text.charCodeAt(firstEnd);
  if (separator !== SLASH && separator !== POINT && separator !== DASH) {
    return order === 'ymd' && firstEnd === from + 8 ? compactDate(text, from) : 'unreadable';
  }
  const secondEnd = afterDigits(text, firstEnd + 1);
  if (text.charCodeAt(secondEnd) !== separator) return 'unreadable';
  const thirdEnd = afterDigits(text, secondEnd + 1);

  const lengths = [firstEnd - from, secondEnd - firstEnd - 1, thirdEnd - secondEnd - 1];
  const isIso = separator === DASH && lengths[0] === 4;
  const isYearFirst = isIso || order === 'ymd';
  const [yearLength, shorter] = isYearFirst ? [lengths[0], lengths[2]] : [lengths[2], lengths[0]];
  if (!isDayOrMonth(shorter) || !isDayOrMonth(lengths[1])) return 'unreadable';
  if (yearLength === 2) return 'two-digit-year';
  if (yearLength !== 4) return 'unreadable';

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
  if (hour === undefined || hour > 24 || Number(minutes) > 59 || Number(seconds) > 60)
    return undefined;
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
