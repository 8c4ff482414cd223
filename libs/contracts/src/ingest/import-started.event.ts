import { z } from 'zod';
import { event, type PayloadOf } from '../message.js';
import { DatasetColumn, DatasetName } from './dataset-columns.js';
import { aboutImport } from './import-messages.js';
import { SourceOptions } from './import-options.js';

/** Says that the file could be read, and which columns it goes to. */
export const ImportStarted = event(
  'ingest.import-started.v1',
  z.object({
    importId: z.uuid(),
    dataset: DatasetName,
    /** Those that are filled, in the order of the file's columns. */
    columns: z.array(DatasetColumn),
    /** The columns of the file as it names them, in its order; with them rejected rows are written down again. */
    sourceColumns: z.array(z.string()).default([]),
    /** How the file was read: what was detected and what was told. */
    source: SourceOptions.default({}),
    bytesTotal: z.int().min(0),
    startedAt: z.iso.datetime(),
  }),
  aboutImport,
);
export type ImportStarted = PayloadOf<typeof ImportStarted>;
