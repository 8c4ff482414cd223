import { ConfirmImport, type Outgoing, ReportProgress } from '@offload/contracts';
import { Handles, type HandlerContext, type MessageHandler } from '@offload/messaging';
import { forgetMerge } from '../merge/forget-merge.js';
import { findRun } from '../progress/lock-run.js';
import { refuseInState, refuseUnknown } from './refuse-action.js';
import { tellResumed } from './resume-import.js';

/** Lets an import that was held for review go on: its rows are merged, and what the trial has found is found again. */
@Handles(ConfirmImport, { queue: 'ingest.confirm-import' })
export class ConfirmImportHandler implements MessageHandler<typeof ConfirmImport> {
  async handle({ importId }: ConfirmImport, { tx }: HandlerContext): Promise<Outgoing[]> {
    const run = await findRun(tx, importId);
    if (!run) return [refuseUnknown(importId, 'confirm')];
    if (run.state !== 'held') return [refuseInState(run, 'confirm')];
    await forgetMerge(tx, run);
    run.goOn('merging');
    return [await tellResumed(tx, run, 'confirm', new Date()), ReportProgress({ importId })];
  }
}
