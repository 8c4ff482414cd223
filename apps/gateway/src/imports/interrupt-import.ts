import type { EntityManager } from 'typeorm';
import { recordEvent } from '../events/record-event.js';
import { importResource } from './import-resource.js';
import { lockImport } from './track-import.js';

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
  if (!isNews) return;
  await recordEvent(tx, {
    tenantId: run.tenantId,
    topic: `import:${id}`,
    type: 'import-interrupted',
    data: importResource(run),
    endsTopic: false,
  });
}
