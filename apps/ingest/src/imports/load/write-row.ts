/**
 * Writes values as a line of `COPY … (format text)`, which PostgreSQL reads faster than CSV and which has no line
 * break but its own, so that line n of a COPY is the nth row.
 */
export function writeRow(values: readonly (string | null)[], number?: number): string {
  let line = number === undefined ? '' : String(number);
  let separator = number === undefined ? '' : '\t';
  for (const value of values) {
    line += separator + (value === null ? NULL : escaped(value));
    separator = '\t';
  }
  return `${line}\n`;
}

const NULL = '\\N';
const SPECIAL = /[\\\t\n\r]/;
const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function escaped(value: string): string {
  return SPECIAL.test(value)
    ? value.replaceAll(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? character)
    : value;
}
