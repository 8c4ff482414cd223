import type { ValueOptions } from '@offload/contracts';
import type { ValueProblem } from '../csv/validate-value.js';
import { type Order, parseMoment } from './parse-moment.js';
import { showText } from './show-text.js';
import type { Converter } from './value-reader.js';

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
    const moment = parseMoment(text, dates);
    if (moment === 'two-digit-year') {
      const reason = 'has a year of two digits, which may be of any century: write all four';
      return problem(text, 'not_a_value', reason);
    }
    if (moment === 'not-on-calendar') {
      const reason = `is a date that does not exist, read as ${ORDERS[dates]}`;
      return problem(text, 'out_of_range', reason);
    }
    if (moment === 'unreadable') {
      if (!/\d/.test(text)) return text;
      return problem(text, 'not_a_value', `is not ${noun} written as ${ORDERS[dates]}`);
    }
    const { date, clock, zone, isMidnight } = moment;
    if (clock === '') return date;
    if (type === 'timestamptz') return `${date} ${clock}${zone}`;
    if (isMidnight) return date;
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
