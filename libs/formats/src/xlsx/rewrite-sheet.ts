import { InflateMeter } from '../packing/inflate-meter.js';
import type { ResolvedSource } from '../source/resolved-source.js';
import type { SourceFile } from '../source/source-file.js';
import type { SourceLimits } from '../source/source-limits.js';
import { RowWriter } from './row-writer.js';
import { readSharedStrings } from './shared-strings.js';
import { SheetReader, withMarks } from './sheet-reader.js';
import { Workbook } from './workbook.js';
import { XmlPart } from './xml-part.js';

/**
 * Re-writes one sheet of a workbook as JSON arrays, one row on each line.
 *
 * Memory: the shared texts, up to their limit, the styles, one row and a few hundred kilobytes. Throws
 * WorkbookDamaged, SheetUnknown, SharedTextsTooLarge, RecordTooLong, FooterTooLong, and what reading a zip
 * archive throws.
 */
export async function* rewriteSheet(
  file: SourceFile,
  source: Pick<ResolvedSource, 'sheet' | 'skip' | 'footer'>,
  limits: SourceLimits,
): AsyncGenerator<Buffer> {
  const workbook = await Workbook.open(file, new InflateMeter(limits), limits);
  const sheet = workbook.sheet(source.sheet);
  const writer = new RowWriter({ ...source, limits, fileSize: file.size });
  const reader = new SheetReader({
    part: sheet.part,
    styles: await workbook.readStyles(),
    texts: await readTexts(workbook, limits),
    is1904: workbook.is1904,
    recordLimit: limits.recordLimit,
    onRow: (row, cells, width) => writer.write(row, cells, width),
  });
  const xml = new XmlPart(sheet.part, reader, limits.recordLimit);
  for await (const bytes of workbook.readSheet(sheet)) {
    for (let from = 0; from < bytes.length; from += PIECE_BYTES) {
      xml.push(bytes.subarray(from, from + PIECE_BYTES));
      if (writer.pending >= ENOUGH) yield withMarks(Buffer.from(writer.take()));
    }
  }
  xml.end();
  if (writer.pending > 0) yield withMarks(Buffer.from(writer.take()));
}

/** How much XML is read at a time, which bounds how much can be made of it. */
const PIECE_BYTES = 32 * 1024;
/** How much is worth handing on. */
const ENOUGH = 64 * 1024;

async function readTexts(workbook: Workbook, limits: SourceLimits): Promise<string[]> {
  const shared = workbook.readSharedStrings();
  if (shared === undefined) return [];
  return await readSharedStrings(shared.part, shared.bytes, {
    maxBytes: limits.maxSharedStringsBytes,
    tokenLimit: limits.recordLimit,
  });
}
