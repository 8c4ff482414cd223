import { detectStyle } from '../inspect/detect-style.js';
import { EncodingUnsupported } from './csv.errors.js';
import { BYTE_ORDER_MARK, type CsvDialect } from './dialect.js';

/**
 * Tells how a plain CSV file is written, from its first bytes: UTF-8 with `"` as quotes.
 *
 * A header is taken for granted: `hasHeader` is always true, for people to correct.
 * Throws EncodingUnsupported when the file begins with a UTF-16 byte order mark.
 */
export function detectDialect(sample: Buffer): CsvDialect {
  const encoding = UTF_16[sample.subarray(0, 2).toString('hex')];
  if (encoding !== undefined) throw new EncodingUnsupported(encoding);

  const bom = sample.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
  const head = sample.subarray(bom ? BYTE_ORDER_MARK.length : 0, SAMPLE_BYTES);
  const isWhole = { isWhole: sample.length <= SAMPLE_BYTES };
  const { delimiter, newline } = detectStyle(
    head.toString(),
    { quote: '"', escape: null },
    isWhole,
  );
  return { delimiter, quote: '"', newline, hasHeader: true, bom };
}

const SAMPLE_BYTES = 64 * 1024;
const UTF_16: Record<string, string> = { fffe: 'UTF-16 (LE)', feff: 'UTF-16 (BE)' };
