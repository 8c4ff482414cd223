import type { EntityManager } from 'typeorm';
import type { ImportRun } from '../import-run.entity.js';
import { run as query } from '../staging/sql.js';
import { stagingTable } from '../staging/staging-table.js';

/** Drops the rows that an import has set aside, if there are any. */
export async function dropRows(tx: EntityManager, { importId }: ImportRun): Promise<void> {
  await query(tx, `drop table if exists ${stagingTable('rows', importId)}`);
}

/** Drops what rows of the dataset were before an import changed them; it cannot be reverted then. */
export async function dropBefore(tx: EntityManager, { importId }: ImportRun): Promise<void> {
  await query(tx, `drop table if exists ${stagingTable('before', importId)}`);
}
