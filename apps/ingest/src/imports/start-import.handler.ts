import {
  ImportFailed,
  ImportStarted,
  type Outgoing,
  SplitFile,
  StartImport,
} from '@offload/contracts';
import { Handles, type HandlerContext, type MessageHandler } from '@offload/messaging';
import { FileStore } from '@offload/storage';
import { openDataset } from '../datasets/open-dataset.js';
import { tellDataset } from '../datasets/tell-dataset.js';
import { FileRefused, inferColumns } from '@offload/formats';
import { ImportRun } from './import-run.entity.js';
import { type Inspection, inspectFile } from './inspect-file.js';
import { planImport } from './plan-import.js';

/**
 * Looks at the file, opens the dataset and begins to cut.
 *
 * A file that cannot be imported as it is ends the import with words for the person who sent it; that
 * is a result, not a failure of ours.
 */
@Handles(StartImport, { queue: 'ingest.start-import' })
export class StartImportHandler implements MessageHandler<typeof StartImport> {
  constructor(private readonly files: FileStore) {}

  async handle(command: StartImport, { tx, envelope }: HandlerContext): Promise<Outgoing[]> {
    const now = new Date();
    const run = tx.create(ImportRun, {
      importId: command.importId,
      tenantId: envelope.tenantId,
      state: 'loading',
      file: command.file,
      datasetName: command.dataset.name,
      tableName: null,
      columns: [],
      dialect: null,
      notify: command.notify ?? null,
      dataFrom: 0,
      chunksTotal: null,
      sequence: 0,
      reportedAt: null,
      startedAt: now,
      endedAt: null,
    });

    const inspection = await this.inspect(command);
    if (inspection instanceof FileRefused) {
      const failure = run.fail(inspection, now);
      await tx.insert(ImportRun, run);
      return [ImportFailed(failure)];
    }

    const wanted =
      command.dataset.columns ??
      inferColumns(
        inspection.columns.map(({ name }) => name),
        inspection.samples,
      );
    const { dataset, isNew } = await openDataset(tx, envelope.tenantId, command.dataset.name, {
      columns: wanted,
      keys: command.dataset.keys ?? [],
    });
    const plan = planImport(dataset.columns, inspection.columns);
    if (plan.problems) {
      const message = plan.problems.map((problem) => problem.message).join(' ');
      const failure = run.fail({ code: 'columns_do_not_fit', message }, now);
      await tx.insert(ImportRun, run);
      return [ImportFailed(failure)];
    }

    const { data, dialect } = inspection;
    Object.assign(run, {
      tableName: dataset.tableName,
      columns: plan.columns,
      dialect,
      dataFrom: data.offset,
    });
    await tx.insert(ImportRun, run);
    return [
      ...(isNew ? [tellDataset(dataset, now)] : []),
      ImportStarted({
        importId: run.importId,
        dataset: dataset.name,
        columns: plan.columns,
        bytesTotal: run.file.size,
        startedAt: now.toISOString(),
      }),
      SplitFile({
        importId: run.importId,
        at: { offset: data.offset, row: data.row, line: data.line },
        nextChunk: data.chunk,
      }),
    ];
  }

  private async inspect({ file }: StartImport): Promise<Inspection | FileRefused> {
    try {
      return await inspectFile(this.files, file);
    } catch (error) {
      if (error instanceof FileRefused) return error;
      throw error;
    }
  }
}
