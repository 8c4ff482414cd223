import { FixRows, type Outgoing, ReportProgress } from '@offload/contracts';
import { FileRefused } from '@offload/formats';
import { Handles, type HandlerContext, type MessageHandler } from '@offload/messaging';
import { FileStore } from '@offload/storage';
import type { EntityManager } from 'typeorm';
import {
  type Refusal,
  refuseAction,
  refuseInState,
  refuseUnknown,
} from '../actions/refuse-action.js';
import { tellResumed } from '../actions/resume-import.js';
import { completeImport } from '../endings/complete-import.js';
import type { ImportRun } from '../import-run.entity.js';
import { findRun } from '../progress/lock-run.js';
import {
  allowIdling,
  applyImportSettings,
  withBulkStatements,
} from '../staging/import-settings.js';
import { askForTurn } from '../turns/dataset-turns.js';
import { findDataset } from '../revert/find-dataset.js';
import { checkFix } from './check-fix.js';
import { type FixFile, openFixFile } from './fix-file.js';
import { loadFix } from './load-fix.js';
import { matchFix } from './match-fix.js';

/**
 * Loads corrected rows for the import that has rejected them, by its own plan and rules, so that its report becomes whole.
 *
 * It is handled twice: when it is asked for, the list is looked through, and refused if it is not one of this import;
 * and when it is the import's turn, all of it is loaded in one transaction.
 */
@Handles(FixRows, { queue: 'ingest.fix-rows', prefetch: 2 })
export class FixRowsHandler implements MessageHandler<typeof FixRows> {
  constructor(private readonly files: FileStore) {}

  async handle(command: FixRows, { tx }: HandlerContext): Promise<Outgoing[]> {
    const { importId, fixId } = command;
    const run = await findRun(tx, importId);
    if (!run || run.file === null) return [refuseUnknown(importId, 'fix')];
    if (await isDone(tx, command)) return [];
    await allowIdling(tx);
    if (run.state === 'fixing' && run.fix?.fixId === fixId) return this.load(tx, run, command);
    if (run.state !== 'completed') return [refuseInState(run, 'fix')];

    const refusal = (await canBeFixed(tx, run)) ?? (await this.check(tx, run, command));
    if (refusal) return [refuseAction(importId, 'fix', refusal)];
    run.goOn('fixing');
    run.fix = { fixId, file: command.file };
    return [await tellResumed(tx, run, 'fix', new Date()), ReportProgress({ importId })];
  }

  private async check(
    tx: EntityManager,
    run: ImportRun,
    command: FixRows,
  ): Promise<Refusal | undefined> {
    return this.withFile(run, command, async (list) => {
      if (list instanceof FileRefused) return list;
      const columns = matchFix(run.resolved.sourceColumns, list.columns);
      return 'refusal' in columns ? columns.refusal : checkFix(tx, run, list, columns);
    });
  }

  private async load(tx: EntityManager, run: ImportRun, command: FixRows): Promise<Outgoing[]> {
    if (!(await askForTurn(tx, run, 'exclusive'))) return [];
    await applyImportSettings(tx, run.importId);
    await withBulkStatements(tx, () => this.loadFile(tx, run, command));
    run.fix = null;
    return completeImport(tx, run, new Date());
  }

  private async loadFile(tx: EntityManager, run: ImportRun, command: FixRows): Promise<void> {
    await this.withFile(run, command, async (list) => {
      if (list instanceof FileRefused) throw list;
      const columns = matchFix(run.resolved.sourceColumns, list.columns);
      if ('refusal' in columns) throw new Error(columns.refusal.message);
      await loadFix(tx, run, { fixId: command.fixId, list, columns });
    });
  }

  private async withFile<T>(
    { tenantId }: ImportRun,
    { fixId, file }: FixRows,
    use: (list: FixFile | FileRefused) => Promise<T>,
  ): Promise<T> {
    const list = await openFixFile(this.files, file, `${tenantId}/${fixId}`);
    try {
      return await use(list);
    } finally {
      if (!(list instanceof FileRefused)) await list.close();
    }
  }
}

async function isDone(tx: EntityManager, { importId, fixId }: FixRows): Promise<boolean> {
  const done: unknown[] = await tx.query(
    'select 1 from import_fix where import_id = $1 and fix_id = $2',
    [importId, fixId],
  );
  return done.length > 0;
}

async function canBeFixed(tx: EntityManager, run: ImportRun): Promise<Refusal | undefined> {
  if (run.options.dryRun) {
    const message = 'It was a dry run: correct the file and send it for good.';
    return { code: 'nothing_stored', message };
  }
  if (await findDataset(tx, run)) return undefined;
  return { code: 'dataset_not_found', message: `There is no dataset “${run.datasetName}”.` };
}
