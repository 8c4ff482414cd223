import type { Entry } from 'yauzl';
import { FormatUnsupported } from '../source/source.errors.js';

/**
 * Tells a workbook from an archive of somebody's files by the names in it; whether it can be read shows when it
 * is. Throws FormatUnsupported for documents of other office programs.
 */
export function isWorkbook(entries: readonly Entry[]): boolean {
  const names = new Set(entries.map(({ fileName }) => fileName.toLowerCase()));
  if (names.has('mimetype') && names.has('content.xml')) {
    throw new FormatUnsupported('an OpenDocument file (.ods)', SAVE_AS);
  }
  if (!names.has('[content_types].xml')) return false;
  if (names.has('xl/workbook.bin'))
    throw new FormatUnsupported('a binary workbook (.xlsb)', SAVE_AS);
  if (names.has('word/document.xml')) throw new FormatUnsupported('a Word document', SAVE_AS);
  if (names.has('ppt/presentation.xml')) throw new FormatUnsupported('a presentation', SAVE_AS);
  return true;
}

const SAVE_AS = 'Save the table as .xlsx or as CSV.';
