/** The first line of a CSV file: the names of the columns, of which some could be formulas as any text could. */
export function csvHeader(
  names: readonly string[],
  { formulas }: { formulas: 'keep' | 'escape' },
): string {
  const safe = formulas === 'escape' ? names.map(escapeFormula) : names;
  return `${safe.map(quoteWhereNeeded).join(',')}\n`;
}

function escapeFormula(name: string): string {
  return /^[=+\-@\t\r\n＝＋－＠]/.test(name) ? `'${name}` : name;
}

/** RFC 4180, 2.6: "Fields containing line breaks (CRLF), double quotes, and commas should be enclosed in double-quotes." */
function quoteWhereNeeded(name: string): string {
  return /[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
}
