import type { CsvDialect } from './dialect.js';

/**
 * Tells what ends most records of a text.
 *
 * Line breaks inside quotes are data, so those outside decide. Stray quotes can turn inside and outside
 * around; when nothing is left outside, all are counted.
 */
export function detectNewline(text: string): CsvDialect['newline'] {
  const outside = text
    .split('"')
    .filter((_, index) => index % 2 === 0)
    .join('""');
  const { lf, crlf, cr } = countNewlines(/[\r\n]/.test(outside) ? outside : text);
  if (cr > lf + crlf) return 'cr';
  return crlf > lf ? 'crlf' : 'lf';
}

function countNewlines(text: string): Record<'lf' | 'crlf' | 'cr', number> {
  const counts = { lf: 0, crlf: 0, cr: 0 };
  for (const [found] of text.matchAll(/\r\n?|\n/g)) {
    counts[found === '\n' ? 'lf' : found === '\r' ? 'cr' : 'crlf']++;
  }
  return counts;
}
