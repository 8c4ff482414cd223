import type { CsvDialect } from '@offload/formats';

/** Writes a record as CSV that PostgreSQL reads back as the same fields; null is empty without quotes. */
export function writeRecord(fields: readonly (string | null)[], { delimiter }: CsvDialect): string {
  const written = fields.map((field) => (field === null ? '' : `"${field.replaceAll('"', '""')}"`));
  return `${written.join(delimiter)}\n`;
}
