import { DatabaseError } from 'pg';
import type { EntityManager } from 'typeorm';
import { renameIndex } from '../../datasets/constraint-names.js';
import { markEdits } from '../../datasets/dataset-table.js';
import { DatasetInUse } from '../../datasets/datasets.errors.js';
import { quoteIdentifier } from '../../datasets/quote-identifier.js';
import { tableOf } from '../../datasets/table-of.js';
import { run } from '../staging/sql.js';
import { inStaging } from '../staging/staging-table.js';

/**
 * Puts a table of the schema `staging` in the place of a dataset's, which goes to `staging` under another name.
 *
 * Readers see the one or the other and never half of either: whoever reads goes on with the table that was there, and
 * this waits for them. Not for long, because all that come later wait behind it: DatasetInUse, and another try comes.
 * Whoever could read the old table can read the new one. Views follow the table that they were made for.
 */
export async function exchangeTables(
  tx: EntityManager,
  table: string,
  { incoming, outgoing }: { incoming: string; outgoing: string },
): Promise<void> {
  await lockTable(tx, table);
  const grants = await listGrants(tx, table);
  await run(tx, `alter table ${tableOf(table)} set schema "staging"`);
  await rename(tx, { schema: 'staging', from: table, to: outgoing });
  await run(tx, `alter table ${inStaging(incoming)} set schema "datasets"`);
  await rename(tx, { schema: 'datasets', from: incoming, to: table });
  for (const grant of grants) await run(tx, `grant ${grant}`);
  await markEditsOnce(tx, table);
}

/** Waits until nobody reads or writes the table, and keeps everybody from it to the end of the transaction. */
export async function lockTable(tx: EntityManager, table: string): Promise<void> {
  await run(tx, `select set_config('lock_timeout', '5s', true)`);
  try {
    await run(tx, `lock table ${tableOf(table)} in access exclusive mode`);
  } catch (error) {
    if (error instanceof DatabaseError && error.code === '55P03') throw new DatasetInUse(error);
    throw error;
  }
}

/** Who may do what with a table, each as what comes behind `grant`. */
async function listGrants(tx: EntityManager, table: string): Promise<string[]> {
  const { rows } = await run<{ privilege: string; grantee: string | null; is_grantable: boolean }>(
    tx,
    `select g.privilege_type as privilege, r.rolname as grantee, g.is_grantable
       from pg_class c
      cross join lateral aclexplode(c.relacl) g left join pg_roles r on r.oid = g.grantee
      where c.oid = $1::regclass and g.grantee <> c.relowner`,
    [tableOf(table)],
  );
  return rows.map(({ privilege, grantee, is_grantable }) => {
    const to = grantee === null ? 'public' : quoteIdentifier(grantee);
    const also = is_grantable ? ' with grant option' : '';
    return `${privilege} on ${tableOf(table)} to ${to}${also}`;
  });
}

/** Indexes and sequences of all tables of a schema share one room with them, so they are named for their table. */
async function rename(
  tx: EntityManager,
  { schema, from, to }: { schema: 'staging' | 'datasets'; from: string; to: string },
): Promise<void> {
  const within = (name: string): string => `"${schema}".${quoteIdentifier(name)}`;
  await run(tx, `alter table ${within(from)} rename to ${quoteIdentifier(to)}`);
  const { rows: indexes } = await run<{ name: string }>(
    tx,
    `select i.relname as name from pg_index x join pg_class i on i.oid = x.indexrelid
      where x.indrelid = $1::regclass order by 1`,
    [within(to)],
  );
  for (const { name } of indexes) {
    const renamed = renameIndex(name, to);
    if (renamed === name) continue;
    await run(tx, `alter index ${within(name)} rename to ${quoteIdentifier(renamed)}`);
  }
  const { rows } = await run<{ sequence: string }>(
    tx,
    `select pg_get_serial_sequence($1, '_id') as sequence`,
    [within(to)],
  );
  const sequence = renameIndex('_id', to);
  await run(tx, `alter sequence ${rows[0]?.sequence} rename to ${quoteIdentifier(sequence)}`);
}

async function markEditsOnce(tx: EntityManager, table: string): Promise<void> {
  const { count } = await run(
    tx,
    `select 1 from pg_trigger where tgrelid = $1::regclass and tgname = '_mark_edited'`,
    [tableOf(table)],
  );
  if (count === 0) await run(tx, markEdits(table));
}
