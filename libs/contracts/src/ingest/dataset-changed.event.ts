import { z } from 'zod';
import { event, type PayloadOf } from '../message.js';
import { DatasetColumn, DatasetName } from './dataset-columns.js';

/** Says what a dataset looks like; sent when it is created and when an import into it has ended. */
export const DatasetChanged = event(
  'ingest.dataset-changed.v1',
  z.object({
    dataset: DatasetName,
    /** Its table in the schema `datasets`. */
    table: z.string().min(1),
    columns: z.array(DatasetColumn),
    /** Rows in the table, all imports together. */
    rows: z.int().min(0),
    changedAt: z.iso.datetime(),
  }),
  ({ dataset }) => `dataset:${dataset}`,
);
export type DatasetChanged = PayloadOf<typeof DatasetChanged>;
