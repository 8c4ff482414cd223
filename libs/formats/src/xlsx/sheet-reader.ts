import { RecordTooLong } from '../csv/csv.errors.js';
import { MARK_LENGTH, markOf } from '../csv/marks.js';
import { columnOf, MAX_SHEET_COLUMNS, MAX_SHEET_ROWS } from './cell-reference.js';
import type { NumberKind } from './number-format.js';
import { serialToText } from './serial-to-text.js';
import { TextRuns } from './shared-strings.js';
import { textOfCell } from './text-of-cell.js';
import { WorkbookDamaged } from './xlsx.errors.js';
import type { XmlAttributes, XmlHandler } from './xml-part.js';

/**
 * Turns the XML of a sheet into rows, each cell as JSON: a string, or null where there is none.
 *
 * Cells stand where their references say. Numbers are the text they are stored as, short of the noise in
 * their last digits; dates and times by their format are ISO 8601; formulas are their computed value, and
 * one without is marked; errors such as `#N/A` are their text; of merged cells only the first has a value.
 */
export class SheetReader implements XmlHandler {
  private row = 0;
  private cells: (string | undefined)[] = [];
  private width = 0;
  private characters = 0;

  private column = -1;
  private type = 'n';
  private kind: NumberKind = 'number';
  private value: string | undefined;
  private formula: string | undefined;
  private readonly run = new TextRuns();
  private collects: 'value' | 'formula' | 'text' | undefined;

  constructor(private readonly options: SheetReaderOptions) {}

  open(name: string, attributes: XmlAttributes, depth: number): void {
    if (depth === CELL_DEPTH && name === 'c') this.openCell(attributes);
    else if (depth === ROW_DEPTH && name === 'row') this.openRow(attributes);
    else if (depth > CELL_DEPTH) this.openInCell(name);
    else if (depth === 1 && name !== 'worksheet') this.refuse(`is no sheet, but has “${name}”.`);
  }

  close(name: string, depth: number): void {
    if (depth === CELL_DEPTH && name === 'c') this.closeCell();
    else if (depth === ROW_DEPTH && name === 'row') this.closeRow();
    else if (depth > CELL_DEPTH) this.closeInCell(name);
  }

  text(text: string): void {
    if (this.collects === undefined) return;
    this.count(text.length);
    if (this.collects === 'value') this.value = (this.value ?? '') + text;
    else if (this.collects === 'formula') this.formula = (this.formula ?? '') + text;
    else this.run.add(text);
  }

  /** Throws RecordTooLong when the row has more than a record may have. */
  private count(characters: number): void {
    this.characters += characters;
    const { recordLimit } = this.options;
    if (this.characters <= recordLimit) return;
    throw new RecordTooLong({ row: this.row, line: this.row, offset: 0 }, recordLimit);
  }

  private openRow({ r }: XmlAttributes): void {
    const row = r === undefined ? this.row + 1 : Number(r);
    if (!Number.isInteger(row) || row <= this.row || row > MAX_SHEET_ROWS) {
      this.refuse(`has row ${String(r ?? row).slice(0, 20)} behind row ${this.row}.`);
    }
    this.row = row;
    this.cells = [];
    this.width = 0;
    this.characters = 0;
    this.column = -1;
  }

  private closeRow(): void {
    this.options.onRow(this.row, this.cells, this.width);
  }

  private openCell({ r, t, s }: XmlAttributes): void {
    const column = r === undefined ? this.column + 1 : columnOf(r);
    if (column < 0 || column >= MAX_SHEET_COLUMNS || this.cells[column] !== undefined) {
      this.refuse(`has no place for the cell ${(r ?? '').slice(0, 20)} in row ${this.row}.`);
    }
    this.column = column;
    this.type = t ?? 'n';
    this.kind = s === undefined ? 'number' : (this.options.styles[Number(s)] ?? 'number');
    this.value = undefined;
    this.formula = undefined;
    this.collects = undefined;
  }

  private openInCell(name: string): void {
    if (name === 'v') {
      this.collects = 'value';
      this.value ??= '';
    } else if (name === 'f') {
      this.collects = 'formula';
      this.formula ??= '';
    } else if (name === 'is') {
      this.collects = 'text';
      this.run.begin();
    } else {
      this.run.open(name);
    }
  }

  private closeInCell(name: string): void {
    if (name === 'is') this.value = this.run.text;
    if (name === 'v' || name === 'f' || name === 'is') this.collects = undefined;
    else this.run.close(name);
  }

  private closeCell(): void {
    const json = this.cellAsJson();
    if (json === undefined) return;
    this.count(json.length);
    this.cells[this.column] = json;
    this.width = Math.max(this.width, this.column + 1);
  }

  private cellAsJson(): string | undefined {
    const { value, formula, type } = this;
    if (value === undefined || (value === '' && type === 'n')) {
      return formula === undefined ? undefined : markedFormula(formula);
    }
    switch (type) {
      case 'n':
        return this.numberAsJson(value.trim());
      case 's':
        return this.sharedText(value.trim());
      case 'b':
        return value.trim() === '1' || value.trim() === 'true' ? '"true"' : '"false"';
      default:
        return JSON.stringify(textOfCell(value));
    }
  }

  private sharedText(place: string): string {
    const text = /^\d+$/.test(place) ? this.options.texts[Number(place)] : undefined;
    return (
      text ?? this.refuse(`refers to a shared text “${place.slice(0, 20)}” that is not there.`)
    );
  }

  private numberAsJson(text: string): string {
    if (!NUMBER.test(text)) return JSON.stringify(text);
    const { kind } = this;
    if (kind === 'number') return `"${shortest(text)}"`;
    return `"${serialToText(Number(text), kind, this.options) ?? shortest(text)}"`;
  }

  private refuse(reason: string): never {
    throw new WorkbookDamaged(this.options.part, reason);
  }
}

export interface SheetReaderOptions {
  part: string;
  /** The shared texts, each as JSON. */
  texts: readonly string[];
  /** For each style, what a number in it is. */
  styles: readonly NumberKind[];
  is1904: boolean;
  recordLimit: number;
  /** Is told each row that the sheet has, in their order, and how many columns of it are used. */
  onRow: (row: number, cells: readonly (string | undefined)[], width: number) => void;
}

const ROW_DEPTH = 3;
const CELL_DEPTH = 4;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** A raw zero, which JSON has nowhere else, for each byte of the mark that is put there by `withMarks`. */
function markedFormula(formula: string): string {
  return `"${PLACEHOLDER}${JSON.stringify(`=${formula}`).slice(1)}`;
}

const PLACEHOLDER = '\0'.repeat(MARK_LENGTH);
const MARK = markOf('formula_without_value');

/** Puts the marks into lines that became bytes. */
export function withMarks(lines: Buffer): Buffer {
  for (let at = lines.indexOf(PLACEHOLDER); at !== -1; at = lines.indexOf(PLACEHOLDER, at)) {
    MARK.copy(lines, at);
  }
  return lines;
}

/**
 * Spreadsheets store binary fractions with 17 digits, so that 0.1 reads 0.10000000000000001: the shortest text
 * of the same number is what was meant. Whole numbers keep every digit.
 */
function shortest(text: string): string {
  if (text.length < 16 && !/e/i.test(text)) return text;
  if (!/[.e]/i.test(text)) return text;
  const value = Number(text);
  return Number.isFinite(value) ? String(value) : text;
}
