/** The column of a reference such as `AB12`, counted from 0; -1 for what is no reference. */
export function columnOf(reference: string): number {
  let column = 0;
  let at = 0;
  for (; at < reference.length; at++) {
    const letter = reference.charCodeAt(at) - BEFORE_A;
    if (letter < 1 || letter > 26) break;
    column = column * 26 + letter;
    if (column > MAX_SHEET_COLUMNS) return -1;
  }
  return at < reference.length ? column - 1 : -1;
}

/** What a sheet can have at most. */
export const MAX_SHEET_COLUMNS = 16_384;
export const MAX_SHEET_ROWS = 1_048_576;
const BEFORE_A = 0x40;
