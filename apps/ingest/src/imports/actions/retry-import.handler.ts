import {
  type Outgoing,
  PrepareFile,
  ReportProgress,
  RetryImport,
  RevertRows,
} from '@offload/contracts';
import { Handles, type HandlerContext, type MessageHandler } from '@offload/messaging';
import { FileNotFound, FileStore } from '@offload/storage';
import type { EntityManager } from 'typeorm';
import type { ImportRun, RunState } from '../import-run.entity.js';
import { beginLoading } from '../load/begin-loading.js';
import { sendParts } from '../merge/begin-merge.js';
import { clearLedger } from '../progress/import-ledger.js';
import { findRun } from '../progress/lock-run.js';
import { beginImport } from '../start/begin-import.js';
import { stagingExists } from '../staging/staging-table.js';
import { type Refusal, refuseAction, refuseInState, refuseUnknown } from './refuse-action.js';
import { tellResumed } from './resume-import.js';

/**
 * Lets an import go on that has failed, was canceled or is stuck.
 *
 * One of which something is committed goes on with what is not: whatever it waits for is sent once more, and the ledger
 * makes what was only late count once. One of which nothing stays begins from the start. Its id is the same.
 */
@Handles(RetryImport, { queue: 'ingest.retry-import' })
export class RetryImportHandler implements MessageHandler<typeof RetryImport> {
  constructor(private readonly files: FileStore) {}

  async handle({ importId }: RetryImport, { tx }: HandlerContext): Promise<Outgoing[]> {
    const run = await findRun(tx, importId);
    if (!run || run.file === null) return [refuseUnknown(importId, 'retry')];
    const now = new Date();
    const how = RETRIES[run.state];
    if (how === 'refuse') return [refuseInState(run, 'retry')];
    if (how === 'send-again') {
      const sent = await sendAgain(tx, run);
      return [await tellResumed(tx, run, 'retry', now), ...sent];
    }
    if (!(await this.hasFile(run.file))) return [refuseAction(importId, 'retry', fileIsGone)];
    return run.state === 'canceled' && run.stop?.keepsRows
      ? this.goOn(tx, run, now)
      : this.startAgain(tx, run, now);
  }

  private async hasFile({ key }: { key: string }): Promise<boolean> {
    try {
      await this.files.stat(key);
      return true;
    } catch (error) {
      if (error instanceof FileNotFound) return false;
      throw error;
    }
  }

  private async startAgain(tx: EntityManager, run: ImportRun, now: Date): Promise<Outgoing[]> {
    await clearLedger(tx, run.importId);
    Object.assign(run, {
      plan: null,
      plain: null,
      merge: null,
      undo: null,
      stop: null,
      chunksTotal: null,
      splitAt: null,
      dataFrom: 0,
    });
    run.goOn('waiting');
    const resumed = await tellResumed(tx, run, 'retry', now);
    return [resumed, ...(await beginImport(tx, this.files, run, now))];
  }

  private async goOn(tx: EntityManager, run: ImportRun, now: Date): Promise<Outgoing[]> {
    if (!run.plan) return this.startAgain(tx, run, now);
    const refusal = await lostBasis(tx, run);
    if (refusal) return [refuseAction(run.importId, 'retry', refusal)];
    const isMerging = run.merge?.isPaused ?? false;
    run.stop = null;
    run.goOn(isMerging ? 'merging' : 'loading');
    const resumed = await tellResumed(tx, run, 'retry', now);
    if (isMerging) return [resumed, ReportProgress({ importId: run.importId })];
    return [resumed, ...(await beginLoading(tx, run))];
  }
}

/** What retrying means: something is lost on its way, or nothing stays, or there is nothing to retry. */
const RETRIES: Record<RunState, 'send-again' | 'begin-again' | 'refuse'> = {
  converting: 'send-again',
  waiting: 'send-again',
  loading: 'send-again',
  counting: 'send-again',
  held: 'refuse',
  merging: 'send-again',
  fixing: 'send-again',
  canceling: 'send-again',
  reverting: 'send-again',
  completed: 'refuse',
  failed: 'begin-again',
  canceled: 'begin-again',
  reverted: 'refuse',
};

/** What was set aside is kept for some time only. */
async function lostBasis(tx: EntityManager, run: ImportRun): Promise<Refusal | undefined> {
  const isThere = run.plan?.sink === 'direct' || (await stagingExists(tx, 'rows', run.importId));
  return isThere && !run.stop?.isOver ? undefined : tooLate;
}

const tooLate: Refusal = {
  code: 'too_late',
  message:
    'What the import had set aside was removed when its time was over. Start a new import of the file.',
};

const fileIsGone: Refusal = {
  code: 'file_not_found',
  message: 'The file is not there any more. Upload it again and start a new import.',
};

async function sendAgain(tx: EntityManager, run: ImportRun): Promise<Outgoing[]> {
  const { importId, state } = run;
  const report = ReportProgress({ importId });
  if (state === 'converting') return [PrepareFile({ importId })];
  if (state === 'waiting' || state === 'loading') {
    return run.plan ? [...(await beginLoading(tx, run)), report] : [report];
  }
  if (state === 'counting' || state === 'merging') return [...(await sendParts(tx, run)), report];
  if (state === 'reverting' && run.undo) return [RevertRows({ importId }), report];
  return [report];
}
