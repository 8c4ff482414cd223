import { z } from 'zod';
import { command, type PayloadOf } from '../message.js';
import { DatasetColumn, DatasetName } from './dataset-columns.js';
import { aboutImport, FileReference, Notify } from './import-messages.js';

/** Asks for the rows of a stored file to be loaded into a dataset. */
export const StartImport = command(
  'ingest.start-import.v1',
  z.object({
    importId: z.uuid(),
    file: FileReference,
    dataset: z.object({
      name: DatasetName,
      /** Left out, the columns are those of the existing dataset, or are inferred from the file. */
      columns: z.array(DatasetColumn).min(1).optional(),
    }),
    notify: Notify.optional(),
  }),
  aboutImport,
);
export type StartImport = PayloadOf<typeof StartImport>;
