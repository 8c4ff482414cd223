import { z } from 'zod';
import { command, type PayloadOf } from '../message.js';
import { DatasetName } from './dataset-columns.js';
import { aboutDataset } from './import-messages.js';

/** Asks for a dataset to be dropped with all its rows. */
export const DropDataset = command(
  'ingest.drop-dataset.v1',
  z.object({ dataset: DatasetName }),
  aboutDataset,
);
export type DropDataset = PayloadOf<typeof DropDataset>;
