import type { ExportCsvQuery } from '@offload/contracts/http';
import { escapeLiteral } from 'pg';
import type { Selection } from '../rows/parse-selection.js';
import { readValueSql } from '../rows/read-value.js';
import { conditionsSql } from '../rows/row-conditions.js';
import { orderSql } from '../rows/row-cursor.js';
import { quoteIdentifier, type RowColumn, tableOf } from '../rows/row-column.js';
import { SettingValues } from '../rows/sql-values.js';

/** A COPY that answers bytes as they are sent, and the settings that its values are. */
export interface ExportStatement {
  text: string;
  settings: SettingValues['settings'];
}

/** PostgreSQL writes the CSV: quotes as RFC 4180 has them, an empty text as `""`, and nothing for null. */
export function exportCsv(
  table: string,
  selection: Selection,
  { formulas, null: nullWord }: Pick<ExportCsvQuery, 'formulas' | 'null'>,
): ExportStatement {
  const columns = selection.fields.map((field, index) => {
    const value = csvValueSql(field);
    const isRisky = formulas === 'escape' && field.type === 'text';
    return `${isRisky ? escapeFormulaSql(value) : value} as f${index}`;
  });
  // Beside another word for null an empty text would be nothing at all, which is null to whoever reads it.
  const texts = selection.fields.flatMap(({ type }, index) =>
    type === 'text' ? [`f${index}`] : [],
  );
  const quoted = nullWord !== '' && texts.length > 0 ? `, force_quote (${texts.join(', ')})` : '';
  return copyOut(
    table,
    selection,
    columns.join(', '),
    (query) =>
      `copy (${query}) to stdout (format csv, null ${escapeLiteral(nullWord)}, encoding 'UTF8'${quoted})`,
  );
}

/**
 * PostgreSQL writes the JSON, one object on each line. JSON has no control characters, so as "CSV" with two of them
 * for the delimiter and the quote it is sent as it is.
 */
export function exportNdjson(table: string, selection: Selection): ExportStatement {
  const columns = selection.fields.map(
    (field) => `${jsonValueSql(field)} as ${quoteIdentifier(field.name)}`,
  );
  return copyOut(
    table,
    selection,
    columns.join(', '),
    (query) =>
      `copy (select row_to_json(line) from (${query}) line) to stdout ` +
      `(format csv, delimiter e'\\x02', quote e'\\x01', encoding 'UTF8')`,
  );
}

function copyOut(
  table: string,
  { conditions, sort }: Selection,
  columns: string,
  write: (query: string) => string,
): ExportStatement {
  const values = new SettingValues();
  const where = conditionsSql(conditions, values);
  const query = `select ${columns} from ${tableOf(table)} where ${where} order by ${orderSql(sort)}`;
  return { text: write(query), settings: values.settings };
}

function csvValueSql(field: RowColumn): string {
  const value = readValueSql(field);
  return field.type === 'boolean' ? `${value}::text` : value;
}

function jsonValueSql(field: RowColumn): string {
  const name = quoteIdentifier(field.name);
  if (field.type === 'json') return name;
  if (field.type !== 'bigint') return readValueSql(field);
  return `case when ${name} between ${-Number.MAX_SAFE_INTEGER} and ${Number.MAX_SAFE_INTEGER} then to_json(${name}) else to_json(${name}::text) end`;
}

/**
 * An apostrophe before what a spreadsheet would take for a formula, with the first characters that OWASP names
 * ("CSV Injection"), also in full width. A number is none.
 */
function escapeFormulaSql(value: string): string {
  const risky = `e'=+-@\\t\\r\\n＝＋－＠'`;
  return (
    `case when strpos(${risky}, left(${value}, 1)) > 0 and ${value} <> '' ` +
    `and ${value} !~ '^[+-]?[0-9]+([.][0-9]+)?$' then '''' || ${value} else ${value} end`
  );
}
