import type { CsvDialect } from '@offload/formats';

/** Texts made at random, the same for the same seed, so that a failure can be repeated. */

export type Random = ReturnType<typeof randomFrom>;

/** Whole numbers from 0 up to, not including, a limit, and picks made with them. */
export function randomFrom(seed: number) {
  let state = seed * 2654435761;
  const upTo = (limit: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
  const pick = <T>(values: readonly T[]): T => values[upTo(values.length)] as T;
  return { upTo, pick };
}

/** Values near the borders of every type, and what a slip of the finger makes of them. */
export function someValues(random: Random): string[] {
  const slips = listOf(3000, () => {
    const once = slipped(random.pick(BORDERS), random);
    return random.upTo(2) === 0 ? once : slipped(once, random);
  });
  const words = listOf(500, () =>
    listOf(1 + random.upTo(5), () => String.fromCodePoint(97 + random.upTo(26))).join(''),
  );
  return [...new Set([...BORDERS, ...slips, ...words])];
}

/** A small file of difficult fields, or of anything at all. */
export function aFile(random: Random, maxWidth: number): { text: string; dialect: CsvDialect } {
  const delimiter = random.pick([',', ';', '\t', '|']);
  const newline = random.pick(['lf', 'crlf', 'cr'] as const);
  const dialect: CsvDialect = { delimiter, newline, quote: '"', hasHeader: true, bom: false };
  const lineBreak = NEWLINES[newline];
  if (random.upTo(2) === 0) {
    const letters = ['"', '"', delimiter, lineBreak, lineBreak, '\r', '\n', 'a', '\\.', 'é', '""'];
    return { dialect, text: listOf(1 + random.upTo(14), () => random.pick(letters)).join('') };
  }
  const width = 1 + random.upTo(maxWidth);
  const usual = ['a', '"b"', '', '""', '"x""y"', `"p${lineBreak}q"`, `"p${delimiter}q"`, '\\.'];
  const odd = ['"\\."', ' "z"', '"z" ', '\\', 'é', 'a\rb', 'a\nb'];
  const field = (): string => random.pick(random.upTo(3) > 0 ? usual : [...usual, ...odd]);
  const lines = listOf(1 + random.upTo(4), () => listOf(width, field).join(delimiter));
  return { dialect, text: lines.join(lineBreak) + (random.upTo(2) === 0 ? lineBreak : '') };
}

const NEWLINES = { lf: '\n', crlf: '\r\n', cr: '\r' };

function slipped(text: string, random: Random): string {
  const at = random.upTo(text.length + 1);
  const typed = random.pick(LETTERS);
  return random.pick([
    text.slice(0, at) + typed + text.slice(at),
    text.slice(0, at) + text.slice(at + 1),
    text.slice(0, at) + typed + text.slice(at + 1),
  ]);
}

function listOf<T>(length: number, one: () => T): T[] {
  return Array.from({ length }, one);
}

const LETTERS = [
  ...['0', '1', '9', '5', '-', '+', '.', 'e', 'E', ':', ' ', 'T', 'Z', '/', 'a', 'f', 'n', 'o'],
  ...['t', '{', '}', '_', 'x', '\t', ',', '2024-', '12-3', '00:', 'é', '\u00a0'],
];

const BORDERS = [
  ...[
    '0 -0 1 +1 00123 9223372036854775807 9223372036854775808 -9223372036854775808',
    '-9223372036854775809 99999999999999999999999999999999999 1_000 0x1F 0b1 1. .5 1.5',
    '-.5e3 1e 1e5 1E+5 1e400 -1e400 1e-400 1e-310 0e999 1.7976931348623157e308',
    '1.7976931348623159e308 1.8e308 2.2250738585072014e-308 nan(1) 1,5 --1 +-1 1e1000',
    '1e200000 1 0 01 2',
    '2024-01-01 2024-02-30 2023-02-29 2024-02-29 1900-02-29 2000-02-29 0000-01-01',
    '0001-01-01 9999-12-31 2024-13-01 2024-00-10 2024-10-00 2024-1-1 24-01-01 01/02/2024',
    '31/12/2024 12/31/2024 20240101 2024-01-01T10:00:00 2024-01-01T10:00:00Z',
    '2024-01-01T10:00:00.123456Z 2024-01-01T10:00:00.123456789Z 2024-01-01T10',
    '2024-01-01T10:00Z 2024-01-01T10:00+14:59 2024-02-30T10:00:00Z 0001-01-01T00:00+14:00',
    '9999-12-31T23:59:59-14:00 0001-01-01T00:00:00Z',
    'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11 A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11',
    '{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11} a0eebc999c0b4ef8bb6d6bb9bd380a11',
    'a0ee-bc99-9c0b-4ef8-bb6d-6bb9-bd38-0a11 {a0eebc999c0b4ef8bb6d6bb9bd380a11',
    'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11- a0eebc99--9c0b-4ef8-bb6d-6bb9bd380a11',
    '. NaN nan Infinity -inf +inf inf true TRUE t f fa tr truee y yes no n o on of off',
    'offf January monday today now epoch infinity -infinity allballs yesterday tomorrow',
    'noon n/a unknown null - ? current invalid undefined late early abstime zulu utc bc',
    'ad T Z AM j J dow isodow doy h hour year timezone d m s mon + : :: / abc é “',
  ].flatMap((words) => words.split(' ')),
  ...['', ' 5 ', '\t5\n', '\v5', '\u00a05', '1 5', ' true ', '\u00a0true', 'Jan 5 2024'],
  ...['2024-01-01 10:00', '2024-01-01 10:00:00+02', '2024-01-01 10:00:00 +02:00'],
  ...['2024-01-01 10:00:00+0230', '2024-01-01 10:00:00-14:59', '2024-01-01 24:00:00'],
  ...['2024-01-01 24:01:00', '2024-01-01 25:00:00', '2024-01-01 23:60:00', '2024-01-01 23:59:60'],
  ...['2024-01-01 23:59:61', '2024-01-01 10:00 Z', ' 2024-01-01 ', '2024-01-01 '],
  ...['2024-01-01 BC', '2024-01-01 10:00 PM', '2024-01-01 10:00:00.', '2024-01-01 00:00:60'],
  ...[' a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
];
