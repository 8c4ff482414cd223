import { EncodingUnsupported } from './csv.errors.js';
import { BYTE_ORDER_MARK, type CsvDialect, startOf } from './dialect.js';
import { parseRecords } from './parse-records.js';

/**
 * Tells how a file is written, from its first bytes (64 KiB are plenty; more are not looked at).
 *
 * The delimiter is the one of `, ; tab |` with which most records have as many fields as the first, and at
 * least two; of equals, the one that makes more fields; a file of one column counts as one with commas.
 * A header cannot be told from data: `hasHeader` is always true, for people to correct.
 * Throws EncodingUnsupported when the file begins with a UTF-16 byte order mark.
 */
export function detectDialect(sample: Buffer): CsvDialect {
  const encoding = UTF_16[sample.subarray(0, 2).toString('hex')];
  if (encoding !== undefined) throw new EncodingUnsupported(encoding);

  const head = sample.subarray(0, SAMPLE_BYTES);
  const bom = head.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
  const newline = detectNewline(head);
  const candidates = DELIMITERS.map((delimiter): CsvDialect => {
    return { delimiter, quote: '"', newline, hasHeader: true, bom };
  });
  const [best] = candidates
    .map((dialect) => ({ dialect, ...consistency(head, dialect) }))
    .filter(({ width }) => width > 1)
    .toSorted((a, b) => b.share - a.share || b.width - a.width);
  return best?.dialect ?? { delimiter: ',', quote: '"', newline, hasHeader: true, bom };
}

const DELIMITERS = [',', ';', '\t', '|'];
const SAMPLE_BYTES = 64 * 1024;
const UTF_16: Record<string, string> = { fffe: 'UTF-16 (LE)', feff: 'UTF-16 (BE)' };

/** How wide the first record is, and how large the share of records of the same width. */
function consistency(head: Buffer, dialect: CsvDialect): { width: number; share: number } {
  const start = startOf(dialect);
  const records = parseRecords(head.subarray(start.offset), dialect, start);
  const widths = Array.from(records, ({ fields }) => fields.length);
  if (widths.length > 2) widths.pop();
  const width = widths[0] ?? 0;
  return { width, share: widths.filter((other) => other === width).length / widths.length };
}

/**
 * Line breaks inside quotes are data, so those outside decide. Stray quotes can turn inside and outside
 * around; when nothing is left outside, all are counted.
 */
function detectNewline(head: Buffer): CsvDialect['newline'] {
  const text = head.toString('latin1');
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
