import { z } from 'zod';
import { event, type PayloadOf } from '../message.js';
import { DatasetColumn, DatasetName } from './dataset-columns.js';
import { aboutImport } from './import-messages.js';

/** Says that the file could be read, and which columns it goes to. */
export const ImportStarted = event(
  'ingest.import-started.v1',
  z.object({
    importId: z.uuid(),
    dataset: DatasetName,
    columns: z.array(DatasetColumn),
    bytesTotal: z.int().min(0),
    startedAt: z.iso.datetime(),
  }),
  aboutImport,
);
export type ImportStarted = PayloadOf<typeof ImportStarted>;
