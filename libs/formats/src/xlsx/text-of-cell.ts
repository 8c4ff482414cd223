/**
 * The text that a workbook means: `_x000D_` stands for the character of that number, which XML could not have
 * had, and `_x005F_` for an underscore that would begin such a thing.
 */
export function textOfCell(written: string): string {
  if (!written.includes('_x')) return written;
  return written.replaceAll(/_x([\dA-Fa-f]{4})_/g, (_, hexadecimal: string) =>
    String.fromCharCode(parseInt(hexadecimal, 16)),
  );
}
