import type { ColumnType } from '@offload/contracts';

/**
 * Compares two values of a type as PostgreSQL does, for texts that `checkValue` says are `ok`: negative when the
 * first is smaller, 0 when they are equal, positive otherwise. Times without a zone are in UTC.
 *
 * Answers undefined for types that have no order here: texts, whose order is the server's, and JSON. Texts and
 * UUIDs can still be told apart with `isSameValue`.
 */
export function compareValues(type: ColumnType, one: string, other: string): number | undefined {
  return COMPARE[type]?.(one, other);
}

/** Tells whether two texts are one value of a type, under the conditions of `compareValues`. */
export function isSameValue(type: ColumnType, one: string, other: string): boolean {
  if (type === 'uuid') return hexOf(one) === hexOf(other);
  return one === other || compareValues(type, one, other) === 0;
}

const COMPARE: Partial<Record<ColumnType, (one: string, other: string) => number>> = {
  bigint: compareWhole,
  numeric: compareNumeric,
  double: (one, other) => Number(one) - Number(other),
  boolean: (one, other) => Number(isTrue(one)) - Number(isTrue(other)),
  date: order,
  timestamptz: compareTimes,
};

function order<T>(one: T, other: T): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function compareWhole(one: string, other: string): number {
  if (one.length <= 15 && other.length <= 15) return Number(one) - Number(other);
  return order(BigInt(withoutPlus(one)), BigInt(withoutPlus(other)));
}

/** Up to 15 digits, different decimal numbers are different doubles and in the same order. */
function compareNumeric(one: string, other: string): number {
  if (SHORT_DECIMAL.test(one) && SHORT_DECIMAL.test(other)) return Number(one) - Number(other);
  const [a, b] = [decimalOf(one), decimalOf(other)];
  const exponent = Math.min(a.exponent, b.exponent);
  return order(
    a.digits * 10n ** BigInt(a.exponent - exponent),
    b.digits * 10n ** BigInt(b.exponent - exponent),
  );
}

const SHORT_DECIMAL = /^-?[\d.]{1,15}$/;

function decimalOf(text: string): { digits: bigint; exponent: number } {
  const [mantissa = '', exponent = '0'] = withoutPlus(text).toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  return { digits: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length };
}

/** BigInt takes white space and a minus sign, but no plus. */
function withoutPlus(text: string): string {
  return text.trim().replace(/^\+/, '');
}

/** Truth is t…, y…, on or 1; checkValue has made sure that it is one of the words. */
function isTrue(text: string): boolean {
  return /^(?:t|y|on|1)/i.test(text.trim());
}

function compareTimes(one: string, other: string): number {
  const [a, b] = [timeOf(one), timeOf(other)];
  return a.second - b.second || a.micros - b.micros;
}

const TIME =
  /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?)?(?: ?(?:Z|([+-])(\d\d)(?::?(\d\d))?))?$/;

function timeOf(text: string): { second: number; micros: number } {
  const [, year, month, day, hour = 0, minute = 0, second = 0, fraction = '', sign, ...zone] =
    TIME.exec(text) ?? [];
  // Date.UTC takes the years 0 to 99 for those of the 20th century.
  const midnight = new Date(0).setUTCFullYear(Number(year), Number(month) - 1, Number(day)) / 1000;
  const [zoneHours = 0, zoneMinutes = 0] = zone.map((part) => Number(part ?? 0));
  const offset = (zoneHours * 60 + zoneMinutes) * (sign === '-' ? -60 : 60);
  return {
    second: midnight + Number(hour) * 3600 + Number(minute) * 60 + Number(second) - offset,
    micros: Number(fraction.padEnd(6, '0')),
  };
}

function hexOf(uuid: string): string {
  return uuid.replace(/[{}-]/g, '').toLowerCase();
}
