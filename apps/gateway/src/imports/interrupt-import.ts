import type { EntityManager } from 'typeorm';
import { lockImport, tellImport } from './track-import.js';

/**
 * So many messages of an import wait as dead letters: it is interrupted, and people are told.
 *
 * Must run in the transaction that changed that number. An import that is not here is no matter.
 */
export async function interruptImport(
  tx: EntityManager,
  { id, open, detail }: { id: string; open: number; detail: string },
): Promise<void> {
  const run = await lockImport(tx, id);
  if (!run) return;
  const isNews = run.holdUp({ open, detail });
  await tx.save(run);
  const type = run.state === 'interrupted' ? 'import-interrupted' : 'import-resumed';
  if (isNews) await tellImport(tx, run, type);
}
