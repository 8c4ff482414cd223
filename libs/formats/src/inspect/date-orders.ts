import type { ValueOptions } from '@offload/contracts';
import { type Order, parseMoment } from '../values/parse-moment.js';

const ORDERS: readonly Order[] = ['dmy', 'mdy', 'ymd'];

/** The orders of day, month and year that agree with what is told. */
export function dateOrders({ dates }: ValueOptions): readonly Order[] {
  return dates === undefined ? ORDERS : [dates];
}

/** Whether the order makes a date of a text, a date with a time of day, or neither. */
export function momentIn(order: Order, text: string): 'date' | 'time' | undefined {
  const moment = parseMoment(text, order);
  if (typeof moment === 'string') return undefined;
  return moment.isMidnight ? 'date' : 'time';
}

/** Digits, the same separator twice, perhaps a time: worth a closer look. */
export const DATE_LIKE = /^\s*\d{1,4}([-/.])\d{1,2}\1\d{1,4}(?:[T ,].*)?$/;

/** A date whose year has two digits. */
export const SHORT_YEAR = /^\s*\d{1,2}([-/.])\d{1,2}\1\d\d(?:[T ,].*)?$/;
