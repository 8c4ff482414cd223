import type { ColumnType } from '@offload/contracts';
import { quoteIdentifier, type RowColumn } from './row-column.js';

/**
 * How a column is read: exact types as text, so that the driver rounds nothing. `to_json` writes dates the same way
 * whatever the server's settings are, and knows infinity.
 */
export function readValueSql({ name, type }: RowColumn): string {
  const column = quoteIdentifier(name);
  if (type === 'double' || type === 'boolean' || type === 'text') return column;
  if (type === 'date') return `to_json(${column}) #>> '{}'`;
  if (type !== 'timestamptz') return `${column}::text`;
  return (
    `(to_json(${column} at time zone 'UTC') #>> '{}')` +
    ` || case when isfinite(${column}) then 'Z' else '' end`
  );
}

/** What was read so, as JSON has it. */
export function toJson(type: ColumnType, value: unknown): unknown {
  if (type === 'bigint' && typeof value === 'string') {
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }
  if (type === 'json' && typeof value === 'string') return exactJson(value);
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return value;
}

declare global {
  interface JSON {
    /** A piece of JSON that JSON.stringify writes as it stands. */
    rawJSON(text: string): unknown;
  }
}

/** Numbers that JavaScript would round are written as they stand. */
function exactJson(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) => {
    const { source } = context ?? {};
    const isRounded = typeof value === 'number' && source !== undefined && String(value) !== source;
    return isRounded ? JSON.rawJSON(source) : value;
  });
}
