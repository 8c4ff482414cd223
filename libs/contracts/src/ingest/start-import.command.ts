import { z } from 'zod';
import { command, type PayloadOf } from '../message.js';
import { DatasetColumn, DatasetKey, DatasetName } from './dataset-columns.js';
import { aboutImport, FileReference, Notify } from './import-messages.js';
import { ImportOptions } from './import-options.js';

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
      /** Unique keys of a dataset that is made; an existing one keeps its own. */
      keys: z.array(DatasetKey).max(8).optional(),
    }),
    options: ImportOptions.prefault({}),
    notify: Notify.optional(),
  }),
  aboutImport,
);
export type StartImport = PayloadOf<typeof StartImport>;
