import { ImportResumed, type Outgoing } from '@offload/contracts';
import type { EntityManager } from 'typeorm';
import type { ImportRun } from '../import-run.entity.js';
import { ledgerTotals } from '../progress/import-ledger.js';
import { importTotals } from '../progress/import-totals.js';

/** Says that an import which had stopped moves again, and saves it. */
export async function tellResumed(
  tx: EntityManager,
  run: ImportRun,
  why: ImportResumed['why'],
  now: Date,
): Promise<Outgoing> {
  const totals = importTotals(run, await ledgerTotals(tx, run.importId));
  const sequence = run.nextSequence(now);
  await tx.save(run);
  return ImportResumed({
    ...totals,
    importId: run.importId,
    sequence,
    why,
    resumedAt: now.toISOString(),
  });
}
