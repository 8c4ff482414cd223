import { type Outgoing, ReportProgress } from '@offload/contracts';
import { Handles, type HandlerContext, type MessageHandler } from '@offload/messaging';
import { advanceImport } from './advance-import.js';
import { lockRun } from './lock-run.js';

/**
 * Adds up the ledger of an import, says how far it has come, and takes the next step when the last is done.
 *
 * Each committed chunk and each part causes one of these after its commit, so the report of the one that commits last
 * sees them all. The lock makes one of two such reports the one that goes on.
 */
@Handles(ReportProgress, { queue: 'ingest.report-progress' })
export class ReportProgressHandler implements MessageHandler<typeof ReportProgress> {
  async handle({ importId }: ReportProgress, { tx }: HandlerContext): Promise<Outgoing[]> {
    return advanceImport(tx, await lockRun(tx, importId), new Date());
  }
}
