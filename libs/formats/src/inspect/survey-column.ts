import type { ValueOptions } from '@offload/contracts';
import { checkValue } from '../csv/validate-value.js';
import type { Order } from '../values/parse-moment.js';
import { DATE_LIKE, dateOrders, momentIn, SHORT_YEAR } from './date-orders.js';
import { NULL_WORDS } from './known-words.js';
import { lookOf } from './look-at-text.js';
import { isWhole, numberIn, type NumberStyle, numberStyles } from './number-styles.js';

/**
 * Counts what the values of one column look like, in every way in which they may be read.
 *
 * Nothing is decided here: which way the file uses is told by all of its columns together.
 */
export class ColumnSurvey {
  /** Values that are neither empty nor a word for “no value”. */
  filled = 0;
  empty = 0;
  blank = 0;
  readonly nullWords = new Map<string, number>();
  /** Up to five different values, as they stand in the file. */
  readonly examples: string[] = [];

  /** Whole numbers that are the same in every style. */
  wholes = 0;
  /** All others. */
  readonly numbers: NumberCount[];
  /** Numbers in PostgreSQL's way that have an exponent, or are not finite. */
  doubles = 0;
  notFinite = 0;
  readonly dates: DateCount[];
  /** Dates in which day and month may be exchanged, other than with points between them. */
  exchangeable = 0;
  isoDates = 0;
  isoTimes = 0;
  uuids = 0;
  json = 0;
  /** In lower case; only while they are few, as those for true and false are. */
  readonly words = new Map<string, number>();
  hasManyWords = false;

  readonly zeros = new Oddity();
  readonly signs = new Oddity();
  readonly shortYears = new Oddity();
  readonly padded = new Oddity();
  readonly units = new Oddity();
  readonly texts = new Oddity();
  readonly exchanged = new Oddity();

  private readonly nulls: ReadonlySet<string>;
  private readonly trims: boolean;

  constructor(told: ValueOptions) {
    this.nulls = told.nulls ? new Set(told.nulls) : NULL_WORDS;
    this.trims = told.trim === true;
    this.numbers = numberStyles(told).map((style) => ({
      style,
      readable: 0,
      whole: 0,
      grouped: 0,
      certain: 0,
      decimal: 0,
    }));
    this.dates = dateOrders(told).map((order) => ({
      order,
      dates: 0,
      times: 0,
      example: undefined,
    }));
  }

  add(value: string | null): void {
    const text = value !== null && this.trims ? value.trim() : value;
    if (text === null || text === '') this.empty++;
    else if (this.nulls.has(text) || this.nulls.has(text.trim()))
      count(this.nullWords, text.trim());
    else if (text.trim() === '') this.blank++;
    else this.addFilled(text);
  }

  private addFilled(text: string): void {
    this.filled++;
    if (this.examples.length < MAX_EXAMPLES && !this.examples.includes(text))
      this.examples.push(text);
    this.addWord(text);
    if (text !== text.trim()) this.padded.note(text);
    if (!this.addTyped(text)) this.texts.note(text);
  }

  private addWord(text: string): void {
    if (this.hasManyWords) return;
    if (text.length <= MAX_WORD) count(this.words, text.replace(ENDS, '').toLowerCase());
    this.hasManyWords = text.length > MAX_WORD || this.words.size > MAX_WORDS;
  }

  private addTyped(text: string): boolean {
    if (text.length > MAX_TYPED) return this.addJson(text);
    if (DIGIT.test(text))
      return this.addNumber(text) || this.addMoment(text) || this.addOther(text);
    if (/^-?(?:nan|infinity)$/i.test(text)) {
      this.notFinite++;
      return true;
    }
    return this.addOther(text);
  }

  private addNumber(text: string): boolean {
    if (SHORT_WHOLE.test(text)) {
      this.wholes++;
      return true;
    }
    if (/^\s*-?0\d/.test(text)) {
      if (!/^[\s\d.,'-]*$/.test(text)) return false;
      this.zeros.note(text);
      // Zeros in front are of dates as well.
      return !DATE_LIKE.test(text);
    }
    if (!NUMBER_LIKE.test(text)) return false;
    if (/^\s*\+/.test(text)) {
      this.signs.note(text);
      return true;
    }
    if (EXPONENT.test(text) && checkValue('double', text) === 'ok') {
      this.doubles++;
      return true;
    }
    let isNumber = false;
    for (const counted of this.numbers) {
      const canonical = numberIn(counted.style, text);
      if (canonical === undefined) continue;
      isNumber = true;
      counted.readable++;
      if (isWhole(canonical)) counted.whole++;
      if (canonical.includes('.')) counted.decimal++;
      const separators = text.trim().length - canonical.length;
      if (separators > 0) counted.grouped++;
      if (separators > 1 || (separators > 0 && canonical.includes('.'))) counted.certain++;
    }
    return isNumber;
  }

  private addMoment(text: string): boolean {
    if (/^\d{4}-/.test(text)) {
      if (checkValue('date', text) === 'ok') this.isoDates++;
      else if (checkValue('timestamptz', text) === 'ok') this.isoTimes++;
    }
    if (!DATE_LIKE.test(text)) return false;
    let found = 0;
    for (const counted of this.dates) {
      const kind = momentIn(counted.order, text);
      if (kind === 'date') counted.dates++;
      else if (kind === 'time') counted.times++;
      else continue;
      counted.example ??= text;
      found++;
    }
    if (found > 1 && !/^\s*\d{4}-/.test(text)) {
      this.exchanged.note(text);
      if (!text.includes('.')) this.exchangeable++;
    }
    if (found === 0 && SHORT_YEAR.test(text)) this.shortYears.note(text);
    return found > 0;
  }

  private addOther(text: string): boolean {
    if (UUID.test(text)) {
      this.uuids++;
      return true;
    }
    if (lookOf(text) === 'number') this.units.note(text);
    return this.addJson(text);
  }

  private addJson(text: string): boolean {
    if (!/^\s*[{[]/.test(text) || checkValue('json', text) !== 'ok') return false;
    this.json++;
    return true;
  }
}

export interface NumberCount {
  style: NumberStyle;
  readable: number;
  whole: number;
  /** With separators between thousands. */
  grouped: number;
  /** Of those, the ones with two separators or decimals, whose separators can be nothing else. */
  certain: number;
  /** With decimals. */
  decimal: number;
}

export interface DateCount {
  order: Order;
  dates: number;
  times: number;
  example: string | undefined;
}

/** How often something stands out, and where it did first. */
class Oddity {
  count = 0;
  example = '';

  note(text: string): void {
    if (this.count === 0) this.example = text;
    this.count++;
  }
}

export type { Oddity };

const MAX_EXAMPLES = 5;
const MAX_WORD = 20;
const MAX_WORDS = 4;
/** The white space that PostgreSQL skips; it knows no other. */
const ENDS = /^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g;
/** No number, date or UUID that people write is longer. */
const MAX_TYPED = 100;
const DIGIT = /\d/;
const NUMBER_LIKE = /^[\s+-]*[\d.,][\d.,'’ \u00a0\u202f_eE+-]*$/;
const SHORT_WHOLE = /^-?(?:0|[1-9]\d{0,17})$/;
const EXPONENT = /^ *-?(?:0|[1-9]\d*)?(?:\.\d*)?e[+-]?\d+ *$/i;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function count(counts: Map<string, number>, word: string): void {
  counts.set(word, (counts.get(word) ?? 0) + 1);
}
