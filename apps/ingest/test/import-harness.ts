import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Type } from '@nestjs/common';
import {
  type DatasetColumn,
  type DatasetKey,
  type ImportOptions,
  type Outgoing,
  StartImport,
} from '@offload/contracts';
import type { DeliveryResult, MessageHandler } from '@offload/messaging';
import { FileStore, LocalFileStore } from '@offload/storage';
import { contractOf, type DeliverOptions, handlerHarness, testTenant } from '@offload/testing';
import { v7 } from 'uuid';
import { database } from '../src/database/database.js';
import { CancelImportHandler } from '../src/imports/actions/cancel-import.handler.js';
import { ConfirmImportHandler } from '../src/imports/actions/confirm-import.handler.js';
import { RetryImportHandler } from '../src/imports/actions/retry-import.handler.js';
import { FixRowsHandler } from '../src/imports/fix/fix-rows.handler.js';
import { LoadChunkHandler } from '../src/imports/load/load-chunk.handler.js';
import { SplitFileHandler } from '../src/imports/load/split-file.handler.js';
import { MergeRowsHandler } from '../src/imports/merge/merge-rows.handler.js';
import { ReportProgressHandler } from '../src/imports/progress/report-progress.handler.js';
import { RestoreDatasetHandler } from '../src/imports/replace/restore-dataset.handler.js';
import { RevertImportHandler } from '../src/imports/revert/revert-import.handler.js';
import { RevertRowsHandler } from '../src/imports/revert/revert-rows.handler.js';
import { PrepareFileHandler } from '../src/imports/start/prepare-file.handler.js';
import { StartImportHandler } from '../src/imports/start/start-import.handler.js';

/** What an import is asked for; the rest has its defaults. */
export interface ImportWanted extends Partial<ImportOptions> {
  dataset?: string;
  columns?: DatasetColumn[];
  keys?: DatasetKey[];
  /** Of the file. */
  name?: string;
}

export interface ImportResult {
  importId: string;
  dataset: string;
  /** What the handlers published, in order; commands among them have been delivered. */
  published: Outgoing[];
  /** The payload of the event that ended the import, for now or for good. */
  end: Record<string, unknown>;
}

type AnyHandler = Type<MessageHandler<never>>;

const handlers = [
  StartImportHandler,
  PrepareFileHandler,
  SplitFileHandler,
  LoadChunkHandler,
  ReportProgressHandler,
  MergeRowsHandler,
  ConfirmImportHandler,
  CancelImportHandler,
  RetryImportHandler,
  FixRowsHandler,
  RevertImportHandler,
  RevertRowsHandler,
  RestoreDatasetHandler,
] as unknown as AnyHandler[];

/** How messages are delivered. */
export interface Road {
  /** Takes the next message out of those that wait. (Default: the first) */
  next?: (waiting: Outgoing[]) => Outgoing | undefined;
  /** Is asked before each delivery; a message that it holds back is lost. (Default: none is) */
  loses?: (message: Outgoing) => boolean;
  /** Is waited for before each delivery. */
  before?: (message: Outgoing) => Promise<void>;
  /** Delivers each command as often as this, under one id. (Default: 1) */
  times?: number;
  /** Is told of each delivery. */
  onSettled?: (delivery: DeliveryResult) => void;
}

/**
 * Runs imports through the real handlers and a real database, delivering what each of them sends.
 * Call it inside `describe`.
 */
export function importHarness() {
  const files = new LocalFileStore(mkdtempSync(join(tmpdir(), 'offload-files-')));
  const options = {
    service: 'ingest',
    database: (url: string) => database(url, 6),
    providers: [{ provide: FileStore, useValue: files }],
  };
  const harnesses = handlers.map((handler) => ({
    type: contractOf(handler).type,
    ...handlerHarness(handler as never, options),
  }));
  const deliver = async (
    message: Outgoing,
    how: DeliverOptions = {},
  ): Promise<DeliveryResult | undefined> =>
    harnesses.find(({ type }) => type === message.type)?.deliver(message, how);
  const db = harnesses[0]?.db;
  if (!db) throw new Error('There are no handlers.');

  /** Delivers a message and everything it causes; fails when a delivery is not handled. */
  const run = async (first: Outgoing | Outgoing[], road: Road = {}): Promise<Outgoing[]> => {
    const published: Outgoing[] = [];
    const waiting: Outgoing[] = [first].flat();
    const { next = (list) => list.shift(), loses = () => false, times = 1 } = road;
    for (let message = next(waiting); message; message = next(waiting)) {
      if (loses(message)) continue;
      await road.before?.(message);
      const messageId = v7();
      for (let time = 0; time < times; time++) {
        const delivery = await deliver(message, { messageId });
        if (delivery?.error) throw delivery.error;
        if (delivery) road.onSettled?.(delivery);
        published.push(...(delivery?.published ?? []));
        waiting.push(...(delivery?.published ?? []).filter(({ kind }) => kind === 'command'));
      }
    }
    return published;
  };

  const store = async (
    content: Buffer | string,
    name = 'file.csv',
  ): Promise<StartImport['file']> => {
    const key = `${testTenant}/${v7()}`;
    return { key, name, ...(await files.put(key, Readable.from([Buffer.from(content)]))) };
  };

  /** The command that starts an import of a text, to be delivered. */
  const start = async (
    content: Buffer | string,
    { dataset = aDatasetName(), columns, keys, name, ...wanted }: ImportWanted = {},
  ): Promise<Outgoing<StartImport>> =>
    StartImport({
      importId: v7(),
      file: await store(content, name),
      dataset: {
        name: dataset,
        ...(columns ? { columns } : {}),
        ...(keys ? { keys } : {}),
      },
      options: wanted,
    });

  const importText = async (
    content: Buffer | string,
    wanted: ImportWanted = {},
    road: Road = {},
  ): Promise<ImportResult> => {
    const command = await start(content, wanted);
    const published = await run(command, road);
    const { importId, dataset } = command.payload;
    return { importId, dataset: dataset.name, published, end: endOf(published) };
  };

  return {
    db,
    files,
    deliver,
    run,
    store,
    start,
    importText,
    /** Imports one of the files named for their trouble. */
    importFile: (name: string, wanted?: ImportWanted): Promise<ImportResult> =>
      importText(readFileSync(join(__dirname, '../../../libs/testing/files', name)), wanted),
    /** The rows of a dataset in the order of the file, without our own columns. */
    rowsOf: async (dataset: string): Promise<Record<string, unknown>[]> => {
      const rows: Record<string, unknown>[] = await db().query(
        `select * from datasets."${dataset}" order by _id`,
      );
      return rows.map(({ _id, _import_id, _edited_at, ...row }) => row);
    },
    rejectionsOf: async (importId: string): Promise<Record<string, unknown>[]> =>
      db().query(
        `select "row"::int, line::int, column_name as column, value, code, message, raw, fields
           from reports.rejected_row where import_id = $1 order by "row"`,
        [importId],
      ),
  };
}

/** The payload of the last event that says that an import has ended, or waits for a person. */
export function endOf(published: readonly Outgoing[]): Record<string, unknown> {
  const ends = /import-(completed|failed|canceled|reverted|held)\.|action-refused/;
  const end = published.findLast(({ type }) => ends.test(type));
  return (end?.payload ?? {}) as Record<string, unknown>;
}

export function aDatasetName(): string {
  return `d_${v7().replaceAll('-', '')}`;
}
