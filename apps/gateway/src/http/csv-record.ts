/**
 * One record of CSV with its line break (RFC 4180). A null is an empty field without quotes and an empty
 * text one with quotes, as PostgreSQL tells them apart.
 */
export function csvRecord(
  fields: readonly (string | null)[],
  { escapesFormulas = false }: { escapesFormulas?: boolean } = {},
): string {
  const written = fields.map((field) => {
    if (field === null) return '';
    return quoted(escapesFormulas ? withoutFormula(field) : field);
  });
  // A record that is nothing but one empty field would be a blank line.
  return written.length === 1 && written[0] === '' ? '""\r\n' : `${written.join(',')}\r\n`;
}

/**
 * A text that no spreadsheet runs as a formula. Those begin with one of `= + - @`, a tab or a line break,
 * also in their wide forms; a number with a sign is only a number.
 */
export function withoutFormula(text: string): string {
  const isFormula = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(text);
  return isFormula && !/^[+-]?\d[\d.,]*$/.test(text) ? `'${text}` : text;
}

function quoted(field: string): string {
  const needsQuotes = field === '' || /[",\r\n]/.test(field) || /^\s|\s$/.test(field);
  return needsQuotes ? `"${field.replaceAll('"', '""')}"` : field;
}
