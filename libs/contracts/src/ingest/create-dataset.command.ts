import { z } from 'zod';
import { command, type PayloadOf } from '../message.js';
import { DatasetColumn, DatasetKey, DatasetName } from './dataset-columns.js';
import { aboutDataset } from './import-messages.js';

/** Asks for an empty dataset with these columns and keys. */
export const CreateDataset = command(
  'ingest.create-dataset.v1',
  z.object({
    dataset: DatasetName,
    columns: z.array(DatasetColumn).min(1),
    keys: z.array(DatasetKey).max(8).default([]),
  }),
  aboutDataset,
);
export type CreateDataset = PayloadOf<typeof CreateDataset>;
