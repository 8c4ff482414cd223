import type { EntityManager } from 'typeorm';
import { IMPORT_ID_SETTING } from '../../datasets/dataset-table.js';

/**
 * Prepares a transaction that writes rows for an import: they know where they come from, and times and dates are read as
 * UTC and ISO 8601 whatever the server's settings are.
 */
export async function applyImportSettings(tx: EntityManager, importId: string): Promise<void> {
  await tx.query(
    `select set_config($1, $2, true), set_config('timezone', 'UTC', true), set_config('datestyle', 'ISO, YMD', true)`,
    [IMPORT_ID_SETTING, importId],
  );
}

/**
 * Prepares a transaction whose statements go over many rows at once: they get the memory to sort them, and half an
 * hour, which is what the broker bears.
 */
export async function applyBulkSettings(tx: EntityManager): Promise<void> {
  await tx.query(
    `select set_config('work_mem', '64MB', true), set_config('maintenance_work_mem', '256MB', true),
            set_config('statement_timeout', '${30 * 60_000}', true)`,
  );
}
