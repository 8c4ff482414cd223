import { FileRefused } from '../csv/csv.errors.js';

/** A part of the workbook is missing or is not what it must be. */
export class WorkbookDamaged extends FileRefused {
  constructor(part: string, reason: string) {
    super('workbook_damaged', `The workbook cannot be read: ${part} ${reason}`, {
      details: { part },
      help: 'Open it in a spreadsheet program, save it again and send that, or send CSV.',
    });
  }
}

/** The workbook has no sheet of the name or at the place. */
export class SheetUnknown extends FileRefused {
  constructor(sheet: string | number, sheets: readonly string[]) {
    const wanted = typeof sheet === 'number' ? `no sheet ${sheet}` : `no sheet named “${sheet}”`;
    const names = sheets.slice(0, 20).map((name) => `“${name}”`);
    const others = sheets.length - names.length;
    const list = names.join(', ') + (others > 0 ? ` and ${others} more` : '');
    super('sheet_unknown', `The workbook has ${wanted}, but: ${list}.`, {
      details: { sheet, sheets: sheets.slice(0, 100) },
      help: 'Give the name of a sheet in `source.sheet`, or its place counted from 1.',
    });
  }
}

/** The texts that the cells share have no room in memory. */
export class SharedTextsTooLarge extends FileRefused {
  constructor(maxSharedStringsBytes: number) {
    super(
      'shared_texts_too_large',
      `The different texts of the workbook need more than ${maxSharedStringsBytes} bytes of memory.`,
      {
        details: { maxSharedStringsBytes },
        help: 'Save the sheet as CSV and send that, or split the workbook.',
      },
    );
  }
}
