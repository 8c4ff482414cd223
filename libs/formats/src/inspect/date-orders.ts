import type { ValueOptions } from '@offload/contracts';
import { checkValue } from '../csv/validate-value.js';
import { momentConverter } from '../values/read-moment.js';
import type { Converter } from '../values/value-reader.js';

/** One order of day, month and year, and what reads it. */
export interface DateOrder {
  order: NonNullable<ValueOptions['dates']>;
  toDate: Converter | undefined;
  toMoment: Converter | undefined;
}

const ORDERS: readonly DateOrder[] = (['dmy', 'mdy', 'ymd'] as const).map((order) => {
  const values = { dates: order };
  return {
    order,
    toDate: momentConverter('date', values),
    toMoment: momentConverter('timestamptz', values),
  };
});

/** The orders that agree with what is told. */
export function dateOrders({ dates }: ValueOptions): readonly DateOrder[] {
  return dates === undefined ? ORDERS : ORDERS.filter(({ order }) => order === dates);
}

/** Whether the order makes a date of a text, a date with a time of day, or neither. */
export function momentIn(
  { toDate, toMoment }: DateOrder,
  text: string,
): 'date' | 'time' | undefined {
  if (isOk('date', toDate?.(text))) return 'date';
  return isOk('timestamptz', toMoment?.(text)) ? 'time' : undefined;
}

function isOk(type: 'date' | 'timestamptz', canonical: unknown): boolean {
  return typeof canonical === 'string' && checkValue(type, canonical) === 'ok';
}

/** Digits, the same separator twice, perhaps a time: worth a closer look. */
export const DATE_LIKE = /^\s*\d{1,4}([-/.])\d{1,2}\1\d{1,4}(?:[T ,].*)?$/;

/** A date whose year has two digits. */
export const SHORT_YEAR = /^\s*\d{1,2}([-/.])\d{1,2}\1\d\d(?:[T ,].*)?$/;
