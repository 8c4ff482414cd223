import { CancelImport, type Outgoing, ReportProgress } from '@offload/contracts';
import { Handles, type HandlerContext, type MessageHandler } from '@offload/messaging';
import type { EntityManager } from 'typeorm';
import { endStopped } from '../endings/stop-import.js';
import type { RunState } from '../import-run.entity.js';
import { findRun } from '../progress/lock-run.js';
import { aCanceledRun } from '../start/new-run.js';
import { ImportRun } from '../import-run.entity.js';
import { refuseInState } from './refuse-action.js';

/**
 * Tells an import to stop. Chunks and parts that begin after this do nothing; those in hand are committed first, so that
 * what is told of its rows is what there is.
 *
 * An import that is not known yet is remembered as canceled: its first message may still be on the way.
 */
@Handles(CancelImport, { queue: 'ingest.cancel-import' })
export class CancelImportHandler implements MessageHandler<typeof CancelImport> {
  async handle(
    { importId, keepRows }: CancelImport,
    { tx, envelope }: HandlerContext,
  ): Promise<Outgoing[]> {
    const run = (await findRun(tx, importId)) ?? (await remember(tx, importId, envelope.tenantId));
    if (run.state === 'canceling') return [];
    if (!stoppable.includes(run.state)) return [refuseInState(run, 'cancel')];

    run.stop = { from: run.state, keepsRows: keepRows };
    if (run.file === null) return endStopped(tx, run, new Date());
    run.state = 'canceling';
    await tx.save(run);
    return [ReportProgress({ importId })];
  }
}

const stoppable: readonly RunState[] = [
  'converting',
  'waiting',
  'loading',
  'counting',
  'held',
  'merging',
];

async function remember(tx: EntityManager, importId: string, tenantId: string): Promise<ImportRun> {
  const run = aCanceledRun(importId, tenantId, new Date());
  await tx.insert(ImportRun, run);
  return run;
}
