import { z } from 'zod';
import { event, type PayloadOf } from '../message.js';
import { DatasetColumn, DatasetKey, DatasetName } from './dataset-columns.js';
import { aboutDataset } from './import-messages.js';

/** Says what a dataset looks like; sent when it is created, extended or restored, and when an import has changed it. */
export const DatasetChanged = event(
  'ingest.dataset-changed.v1',
  z.object({
    dataset: DatasetName,
    /** Its table in the schema `datasets`. */
    table: z.string().min(1),
    columns: z.array(DatasetColumn),
    keys: z.array(DatasetKey).default([]),
    /** Rows in the table, all imports together. */
    rows: z.int().min(0),
    changedAt: z.iso.datetime(),
  }),
  aboutDataset,
);
export type DatasetChanged = PayloadOf<typeof DatasetChanged>;
