/**
 * Makes a name safe to stand in SQL, whatever is in it.
 *
 * Throws on what PostgreSQL would not keep as it is: it cuts names at 63 bytes, and two long names that
 * become one would mix up columns.
 */
export function quoteIdentifier(name: string): string {
  if (name === '' || name.includes('\0') || Buffer.byteLength(name) > 63) {
    throw new RangeError(`Not a name PostgreSQL can keep: ${JSON.stringify(name)}`);
  }
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * Makes a text a literal of SQL, for the few statements that take no parameters. The form with E is read in one
 * way whatever the server's settings are.
 */
export function quoteLiteral(text: string): string {
  if (text.includes('\0')) throw new RangeError('PostgreSQL keeps no zero byte in a text.');
  return `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
