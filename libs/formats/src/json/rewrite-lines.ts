import { RecordTooLong } from '../csv/csv.errors.js';
import { FooterHold } from '../source/footer-hold.js';

/**
 * Re-writes lines so that each ends with LF, the skipped ones are blank and the footer is gone. Lines in UTF-8
 * keep their bytes. Memory: one line, and the footer. Throws RecordTooLong and FooterTooLong.
 */
export async function* rewriteLines(
  input: AsyncIterable<Buffer>,
  { newline, skip, footer, recordLimit }: LineOptions,
): AsyncGenerator<Buffer> {
  const hold = new FooterHold(footer, recordLimit);
  let rest = '';
  let line = 1;
  let offset = 0;
  const endLine = (text: string): string => {
    // White space for JSON, and no line break in a file whose lines end with CR.
    const content = newline === '\r' ? text.replaceAll('\n', ' ') : text;
    const isSkipped = line++ <= skip;
    offset += content.length + 1;
    if (isSkipped) return '\n';
    return BLANK.test(content) ? hold.pushBlank(`${content}\n`) : hold.push(`${content}\n`);
  };

  for await (const bytes of input) {
    const lines = (rest + bytes.toString('latin1')).split(newline);
    rest = lines.pop() ?? '';
    if (rest.length > recordLimit) {
      throw new RecordTooLong({ row: line, line, offset }, recordLimit);
    }
    const written = lines.map(endLine).join('');
    if (written !== '') yield Buffer.from(written, 'latin1');
  }
  const last = rest === '' ? '' : endLine(rest);
  if (last !== '') yield Buffer.from(last, 'latin1');
}

export interface LineOptions {
  newline: '\n' | '\r';
  /** Lines at the beginning. */
  skip: number;
  /** Records at the end. */
  footer: number;
  recordLimit: number;
}

const BLANK = /^[ \t\r\n]*$/;
