import { z } from 'zod';
import { event, type PayloadOf } from '../message.js';
import { DatasetName } from './dataset-columns.js';
import { aboutDataset } from './import-messages.js';

/** Says that a dataset and its rows are gone. */
export const DatasetDropped = event(
  'ingest.dataset-dropped.v1',
  z.object({ dataset: DatasetName, droppedAt: z.iso.datetime() }),
  aboutDataset,
);
export type DatasetDropped = PayloadOf<typeof DatasetDropped>;
