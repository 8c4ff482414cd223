import { z } from 'zod';
import { command, type PayloadOf } from '../message.js';
import { DatasetColumn, DatasetKey, DatasetName } from './dataset-columns.js';
import { aboutDataset } from './import-messages.js';

/** Asks for columns and keys to be added to a dataset. */
export const ExtendDataset = command(
  'ingest.extend-dataset.v1',
  z.object({
    dataset: DatasetName,
    columns: z.array(DatasetColumn).default([]),
    keys: z.array(DatasetKey).max(8).default([]),
  }),
  aboutDataset,
);
export type ExtendDataset = PayloadOf<typeof ExtendDataset>;
