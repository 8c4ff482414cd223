import type { NumberKind } from './number-format.js';

/**
 * Writes the number of a cell as the date or time that its format shows, in ISO 8601, to the millisecond.
 *
 * Days are counted from 1900 or from 1904. In the count from 1900 day 60 is 29 February 1900, which never
 * was: it is written as it is, for its column to reject, and the days before are not shifted by it. A date that
 * has a time of day is written with it, whatever its format hides. Returns undefined for what is no date:
 * negative numbers, and days beyond the year 9999.
 */
export function serialToText(
  serial: number,
  kind: Exclude<NumberKind, 'number'>,
  { is1904 }: { is1904: boolean },
): string | undefined {
  const all = Math.round(serial * DAY_MS);
  if (!(all >= 0) || all >= END_DAYS * DAY_MS) return undefined;
  if (kind === 'duration') return clock(all);
  const day = Math.floor(all / DAY_MS);
  const time = all % DAY_MS;
  if (kind === 'time' && day === 0) return clock(time);
  const date = dateOf(day, is1904);
  return kind === 'date' && time === 0 ? date : `${date}T${clock(time)}`;
}

const DAY_MS = 86_400_000;
/** Behind 31 December 9999. */
const END_DAYS = 2_958_466;
/** Days between 1 January 1970 and what counts as day 0. */
const FROM_1904 = -24_107;
const FROM_1900 = -25_569;
const LEAP_DAY = 60;

function dateOf(day: number, is1904: boolean): string {
  if (is1904) return isoDate(day + FROM_1904);
  if (day === 0) return '1900-01-00';
  if (day === LEAP_DAY) return '1900-02-29';
  return isoDate(day + FROM_1900 + (day < LEAP_DAY ? 1 : 0));
}

/** Dates are few and come again in every row, while writing one costs more than reading its cell. */
function isoDate(daysFrom1970: number): string {
  const known = dates.get(daysFrom1970);
  if (known !== undefined) return known;
  const text = new Date(daysFrom1970 * DAY_MS).toISOString();
  const date = text.slice(0, text.indexOf('T'));
  if (dates.size >= MAX_DATES) dates.clear();
  dates.set(daysFrom1970, date);
  return date;
}

const dates = new Map<number, string>();
const MAX_DATES = 20_000;

/** `09:05:00`, and `30:00:00.500` for a duration beyond a day. */
function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const whole = parts.map((part) => String(part).padStart(2, '0')).join(':');
  return ms % 1000 === 0 ? whole : `${whole}.${String(ms % 1000).padStart(3, '0')}`;
}
