import { z } from 'zod';
import { event, type PayloadOf } from '../message.js';
import { DatasetName } from './dataset-columns.js';
import { aboutDataset } from './import-messages.js';

/** Says that what was asked of a dataset could not be done, and why; the dataset is what it was before. */
export const DatasetRefused = event(
  'ingest.dataset-refused.v1',
  z.object({
    dataset: DatasetName,
    action: z.enum(['create', 'extend', 'drop', 'restore']),
    code: z.string().min(1),
    message: z.string().min(1),
    refusedAt: z.iso.datetime(),
  }),
  aboutDataset,
);
export type DatasetRefused = PayloadOf<typeof DatasetRefused>;
