import { z } from 'zod';
import { command, type PayloadOf } from '../message.js';
import { DatasetName } from './dataset-columns.js';
import { aboutDataset } from './import-messages.js';

/** Asks for the rows that a dataset had before an import replaced them. */
export const RestoreDataset = command(
  'ingest.restore-dataset.v1',
  z.object({ dataset: DatasetName, importId: z.uuid() }),
  aboutDataset,
);
export type RestoreDataset = PayloadOf<typeof RestoreDataset>;
