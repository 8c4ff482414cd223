import { isUtf8 } from 'node:buffer';
import { finder, NON_ASCII } from '../csv/finder.js';
import { MARK_LENGTH, markedProblem } from '../csv/marks.js';
import { problem, type RecordProblem } from '../csv/record-problem.js';
import { COMMA, CR, LF, QUOTE, SPACE, TAB } from './json-bytes.js';

/**
 * Reads the JSON values of single lines, out of a slice that was made a string of one character for each
 * byte, so that positions in the string are positions in the bytes and searches are native.
 *
 * Reads only the top level itself, so that a number keeps every digit it is written with; nested values stay
 * the text they are, once JSON.parse has found nothing wrong with it.
 */
export class JsonLineReader {
  private readonly text: string;
  private readonly isUtf8: boolean;
  private readonly nextQuote: (at: number) => number;
  private readonly nextBackslash: (at: number) => number;
  private readonly nextControl: (at: number) => number;
  private readonly nextNonAscii: (at: number) => number;
  /** How each column is written as a key, and where it stands. */
  private readonly keys: string[];
  private readonly places: Map<string, number>;
  /** In which line each column was last seen. */
  private readonly seen: Uint32Array;
  private readonly blank: (string | null)[];
  private lines = 0;

  /** Where reading stands, and what the line has so far. */
  private at = 0;
  private problems: RecordProblem[] = [];

  constructor(
    private readonly slice: Buffer,
    private readonly columns: readonly string[],
  ) {
    this.text = slice.toString('latin1');
    this.isUtf8 = isUtf8(slice);
    this.nextQuote = finder(this.text, '"');
    this.nextBackslash = finder(this.text, '\\');
    this.nextControl = finder(this.text, CONTROL);
    this.nextNonAscii = finder(this.text, NON_ASCII);
    this.keys = columns.map((name) => Buffer.from(JSON.stringify(name)).toString('latin1'));
    this.places = new Map(columns.map((name, index) => [name, index]));
    this.seen = new Uint32Array(columns.length);
    this.blank = columns.map(() => null);
  }

  /** Reads the line from `from` up to `to`, which has no white space at its ends. */
  read(from: number, to: number): { fields: (string | null)[]; problems: RecordProblem[] } {
    this.at = from;
    this.problems = [];
    this.lines++;
    let fields: (string | null)[] = [];
    try {
      const first = this.text.charCodeAt(from);
      if (first === OPEN_OBJECT) fields = this.readObject();
      else if (first === OPEN_ARRAY) fields = this.readArray();
      else this.readScalar();
      this.peek();
      if (this.at < to) throw new Invalid('Something follows behind the end of the value.');
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      const place = `(At byte ${this.at - from + 1} of the line.)`;
      this.problems.unshift(problem('invalid_json', -1, `${error.message} ${place}`));
    }
    return { fields, problems: this.problems };
  }

  private readObject(): (string | null)[] {
    const fields = this.blank.slice();
    this.at++;
    if (this.peek() === CLOSE_OBJECT) return this.behind(fields);
    for (let expected = 0; ;) {
      const index = this.readKey(expected);
      if (this.peek() !== COLON) throw new Invalid('A colon is missing behind a field’s name.');
      this.at++;
      const value = this.readValue(this.peek(), index);
      if (index >= 0) {
        fields[index] = value;
        expected = index + 1;
      }
      const next = this.peek();
      if (next === CLOSE_OBJECT) return this.behind(fields);
      if (next !== COMMA) throw new Invalid('A comma or a closing bracket is missing.');
      this.at++;
      this.peek();
    }
  }

  /** The index of the column; mostly the expected one, as records have their fields in the same order. */
  private readKey(expected: number): number {
    const key = this.keys[expected];
    let index = expected;
    if (key !== undefined && this.text.startsWith(key, this.at)) {
      this.at += key.length;
    } else {
      if (this.text.charCodeAt(this.at) !== QUOTE)
        throw new Invalid('The name of a field is missing.');
      const name = this.readString(-1);
      index = this.places.get(name) ?? -1;
      if (index === -1) {
        this.problems.push(problem('unknown_field', -1, shown(name)));
        return -1;
      }
    }
    if (this.seen[index] === this.lines) {
      this.problems.push(problem('duplicate_field', index, shown(this.columns[index] ?? '')));
    }
    this.seen[index] = this.lines;
    return index;
  }

  private readArray(): (string | null)[] {
    const fields: (string | null)[] = [];
    this.at++;
    if (this.peek() === CLOSE_ARRAY) return this.behind(fields);
    for (;;) {
      fields.push(this.readValue(this.peek(), fields.length));
      const next = this.peek();
      if (next === CLOSE_ARRAY) return this.behind(fields);
      if (next !== COMMA) throw new Invalid('A comma or a closing bracket is missing.');
      this.at++;
    }
  }

  private readScalar(): void {
    this.readValue(this.peek(), -1);
    this.problems.unshift(problem('not_an_object', -1));
  }

  private readValue(first: number, index: number): string | null {
    const { text, at } = this;
    if (first === QUOTE) return this.readString(index);
    if (first === OPEN_OBJECT || first === OPEN_ARRAY) return this.readNested(index);
    NUMBER.lastIndex = at;
    if (NUMBER.test(text)) {
      this.at = NUMBER.lastIndex;
      return text.slice(at, this.at);
    }
    for (const word of WORDS) {
      if (!text.startsWith(word, at)) continue;
      this.at += word.length;
      return word === 'null' ? null : word;
    }
    throw new Invalid('A value is missing or is no JSON.');
  }

  private readString(index: number): string {
    const from = this.at + 1;
    const end = this.stringEnd(from);
    this.at = end + 1;
    const isEscaped = this.nextBackslash(from) < end;
    const marked = this.checkBytes(from, end, index);
    if (!isEscaped) return this.decode(marked ? from + MARK_LENGTH : from, end);
    const value = parseString(this.decode(marked ? from + MARK_LENGTH : from, end));
    if (value.includes('\0')) this.problems.push(problem('nul_byte', index));
    if (!value.isWellFormed()) this.problems.push(problem('lone_surrogate', index));
    return value;
  }

  private stringEnd(from: number): number {
    let at = from;
    for (;;) {
      const quoteAt = this.nextQuote(at);
      const backslashAt = this.nextBackslash(at);
      if (backslashAt < quoteAt) {
        at = backslashAt + 2;
        continue;
      }
      // A line break can only be met behind the end of the line.
      if (quoteAt >= this.text.length || this.nextControl(from) < quoteAt) {
        const isNul = this.text.charCodeAt(this.nextControl(from)) === 0;
        throw new Invalid(isNul ? 'It contains a zero byte.' : UNCLOSED);
      }
      return quoteAt;
    }
  }

  /** Its text as it is written, with every digit of its numbers. */
  private readNested(index: number): string {
    const { text } = this;
    const from = this.at;
    let depth = 0;
    let at = from;
    do {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        at = this.stringEnd(at + 1);
      } else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
        depth++;
      } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
        depth--;
      } else if (code === LF || Number.isNaN(code)) {
        throw new Invalid('A closing bracket is missing.');
      }
      at++;
    } while (depth > 0);
    this.at = at;
    this.checkBytes(from, at, index);
    const value = this.decode(from, at);
    try {
      JSON.parse(value);
    } catch {
      throw new Invalid('A nested value is no JSON.');
    }
    return value;
  }

  /** Notes bytes that are no UTF-8; tells whether they are the mark of a problem. */
  private checkBytes(from: number, to: number, index: number): boolean {
    if (this.isUtf8 || this.nextNonAscii(from) >= to) return false;
    if (isUtf8(this.slice.subarray(from, to))) return false;
    const marked = markedProblem(this.slice, from, to);
    this.problems.push(problem(marked ?? 'invalid_utf8', index));
    return marked !== undefined;
  }

  private decode(from: number, to: number): string {
    if (this.nextNonAscii(from) >= to) return this.text.slice(from, to);
    return this.slice.toString('utf8', from, to);
  }

  /** Skips white space; returns what stands there, NaN at the end. */
  private peek(): number {
    const { text } = this;
    let code = text.charCodeAt(this.at);
    while (code === SPACE || code === TAB || code === CR) code = text.charCodeAt(++this.at);
    return code;
  }

  private behind<T>(fields: T): T {
    this.at++;
    return fields;
  }
}

class Invalid extends Error {}

const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const COLON = 0x3a;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORDS = ['null', 'true', 'false'];
const UNCLOSED = 'A string is not closed, or contains a control character that must be escaped.';
// oxlint-disable-next-line no-control-regex -- JSON forbids just these in strings.
const CONTROL = /[\0-\x1f]/g;

function parseString(raw: string): string {
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    throw new Invalid('A string has an escape that JSON does not know.');
  }
}

function shown(name: string): string {
  const characters = Array.from(name);
  return `(“${characters.length > 60 ? `${characters.slice(0, 60).join('')}…` : name}”)`;
}
