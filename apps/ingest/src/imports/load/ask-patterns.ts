import type { CsvRecord } from '@offload/formats';
import type { EntityManager } from 'typeorm';
import { explainRule } from '../../datasets/explain-rule.js';
import { listViolations } from '../../datasets/list-violations.js';
import type { ImportPlan } from '../import-plan.js';
import type { Refusal } from './rejected-row.js';
import { RowReader } from './row-reader.js';

/**
 * Asks PostgreSQL which records break a pattern, once for each column that has one: only it knows its regular
 * expressions. Answers the reason by the number of the record; of several columns the first.
 */
export async function askPatterns(
  tx: EntityManager,
  plan: ImportPlan,
  records: Iterable<CsvRecord>,
): Promise<Map<number, Refusal>> {
  const broken = new Map<number, Refusal>();
  const columns = [...plan.columns.entries()].filter(
    ([, { column, from }]) => column.pattern !== undefined && from !== null,
  );
  if (columns.length === 0) return broken;

  const rows: number[] = [];
  const texts = columns.map((): (string | null)[] => []);
  const reader = new RowReader(plan);
  for (const record of records) {
    if (reader.read(record) !== 'ask') continue;
    rows.push(record.row);
    columns.forEach(([place], index) => texts[index]?.push(reader.values[place] ?? null));
  }
  for (const [index, [, { column }]] of columns.entries()) {
    const given = texts[index] ?? [];
    const violations = await listViolations(
      tx,
      column,
      given.map((text) => text ?? ''),
    );
    for (const [place, row] of rows.entries()) {
      const value = given[place] ?? null;
      if (value === null || !violations[place] || broken.has(row)) continue;
      broken.set(row, { ...explainRule(column, 'pattern'), column: column.name, value });
    }
  }
  return broken;
}
