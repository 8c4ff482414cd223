import { PermanentError } from '@offload/platform';
import type { EntityManager } from 'typeorm';
import { recordEvent } from '../events/record-event.js';
import { Import } from './import.entity.js';
import { importResource } from './import-resource.js';

/** A report about an import that was never accepted here. */
export class ImportNotFound extends PermanentError {
  constructor(id: string) {
    super('gateway.import-not-found', `There is no import ${id}.`, { details: { importId: id } });
  }
}

export interface Report {
  importId: string;
  /** The name of the event for those who follow. */
  type: string;
  /** Changes the import; answers false when the report changes nothing. */
  take: (run: Import) => boolean;
  /** What they are told while its state stays the same. (Default: the whole resource) */
  tell?: (run: Import) => unknown;
}

/**
 * Takes a report over and tells those who follow the import; a report that changes nothing is not told.
 *
 * The lock puts reports that are handled side by side in a row, so that people are told in order.
 * Must run in the transaction of the report's delivery. Throws ImportNotFound.
 */
export async function trackImport(tx: EntityManager, report: Report): Promise<void> {
  const { importId, type, take, tell } = report;
  const run = await lockImport(tx, importId);
  if (!run) throw new ImportNotFound(importId);
  const { state } = run;
  if (!take(run)) return;
  await tx.save(run);
  await tellImport(tx, run, type, run.state === state ? tell : undefined);
}

/** Tells those who follow the import. Must run in the transaction of the change. */
export async function tellImport(
  tx: EntityManager,
  run: Import,
  type: string,
  tell: (run: Import) => unknown = importResource,
): Promise<void> {
  await recordEvent(tx, {
    tenantId: run.tenantId,
    topic: `import:${run.id}`,
    type,
    data: tell(run),
    endsTopic: run.isSettled,
  });
}

export async function lockImport(tx: EntityManager, id: string): Promise<Import | null> {
  return tx.findOne(Import, { where: { id }, lock: { mode: 'pessimistic_write' } });
}
