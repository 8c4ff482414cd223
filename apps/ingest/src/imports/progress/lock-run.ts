import type { EntityManager } from 'typeorm';
import { ImportRun } from '../import-run.entity.js';
import { ImportNotFound } from '../imports.errors.js';

/**
 * Locks an import against everybody else who changes it, but not against its chunks and parts, which hold a key share
 * lock for as long as they work: FOR UPDATE would make every report wait for all of them. Throws ImportNotFound.
 */
export async function lockRun(tx: EntityManager, importId: string): Promise<ImportRun> {
  const run = await findRun(tx, importId);
  if (!run) throw new ImportNotFound(importId);
  return run;
}

/** The same; null when there is no such import. */
export function findRun(tx: EntityManager, importId: string): Promise<ImportRun | null> {
  return tx.findOne(ImportRun, { where: { importId }, lock: { mode: 'for_no_key_update' } });
}

/**
 * Waits for the chunks and parts in hand as well. Only for an import that has been told to stop, so that none begins
 * while this waits.
 */
export async function lockAgainstWork(tx: EntityManager, importId: string): Promise<void> {
  await tx.query('select 1 from import_run where import_id = $1 for update', [importId]);
}
