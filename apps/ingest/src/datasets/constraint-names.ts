import { createHash } from 'node:crypto';
import type { DatasetColumn, DatasetKey } from '@offload/contracts';

/** What a column can ask of its values, in the order in which it is told. */
export const RULES = ['range', 'length', 'enum', 'pattern'] as const;
export type Rule = (typeof RULES)[number];

/** The name of a rule's constraint, unique in its table: `age range`. PostgreSQL tells it when a row breaks the rule. */
export function nameConstraint(column: string, rule: Rule): string {
  return `${shortened(column, MAX_BYTES - rule.length - 1)} ${rule}`;
}

/** The column and the rule that a broken constraint stands for. */
export function findRule(
  constraint: string,
  columns: readonly DatasetColumn[],
): { column: DatasetColumn; rule: Rule } | undefined {
  const rule = RULES.find((each) => constraint.endsWith(` ${each}`));
  const column = rule && columns.find(({ name }) => nameConstraint(name, rule) === constraint);
  return column && { column, rule };
}

/**
 * The name of an index: `email, country unique 1f3a9c02`. Indexes of all tables share one room with the tables,
 * so the end is made from the table's name; a space keeps it from ever being a dataset's own.
 */
export function nameIndex(kind: 'unique' | 'import', table: string, key: DatasetKey = []): string {
  return `${kind === 'unique' ? startOfKey(key) : kind} ${digest(table)}`;
}

/** The same index's name for a table that is called otherwise. One that is not ours is only made different. */
export function renameIndex(index: string, table: string): string {
  const isOurs = /(^| )(unique|import|primary) [0-9a-f]{8}$/.test(index);
  if (isOurs) return `${index.slice(0, -DIGEST_BYTES - 1)} ${digest(table)}`;
  const start = index.endsWith('_pkey')
    ? 'primary'
    : shortened(index, MAX_BYTES - DIGEST_BYTES - 1);
  return `${start} ${digest(table)}`;
}

/** The key that a broken unique index stands for, whatever its table was called when it was made. */
export function findKey(index: string, keys: readonly DatasetKey[]): DatasetKey | undefined {
  const start = index.slice(0, -DIGEST_BYTES - 1);
  return keys.find((key) => startOfKey(key) === start);
}

const MAX_BYTES = 63;
const DIGEST_BYTES = 8;

function startOfKey(key: DatasetKey): string {
  const kind = ' unique';
  return shortened(key.join(', '), MAX_BYTES - kind.length - DIGEST_BYTES - 1) + kind;
}

/** A name that is too long is cut and gets a digest of the whole, so that it is still the only one. */
function shortened(name: string, maxBytes: number): string {
  if (Buffer.byteLength(name) <= maxBytes) return name;
  const kept = Buffer.from(name).subarray(0, maxBytes - DIGEST_BYTES - 1);
  return `${kept.toString().replace(/\uFFFD+$/, '')}#${digest(name)}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, DIGEST_BYTES);
}
