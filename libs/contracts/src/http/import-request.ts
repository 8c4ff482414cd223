import { z } from 'zod';
import { ColumnName, DatasetColumn, DatasetKey, DatasetName } from '../ingest/dataset-columns.js';
import {
  ImportMode,
  Mapping,
  OnConflict,
  OnError,
  RejectLimit,
  SourceOptions,
  ValueOptions,
} from '../ingest/import-options.js';
import { importProblems, tellProblems } from './import-rules.js';

const Columns = z.array(z.strictObject(DatasetColumn.shape)).min(1).max(1500);

export const CreateImportRequest = z
  .strictObject({
    upload_id: z.uuid(),
    dataset: z.strictObject({
      name: DatasetName,
      columns: Columns.optional().describe(
        'Left out, those of the existing dataset, or inferred from the file.',
      ),
      keys: z
        .array(DatasetKey)
        .max(8)
        .optional()
        .describe('Unique keys of a dataset that is made; an existing one keeps its own.'),
    }),
    source: SourceOptions.optional().describe('How the file is written. (Default: detected)'),
    values: ValueOptions.optional().describe('How its values are written.'),
    mapping: Mapping.optional().describe(
      'Which column of the file goes to which of the dataset. (Default: by name)',
    ),
    mapping_id: z
      .uuid()
      .optional()
      .describe(
        'A saved mapping in place of `mapping`, as it is now; its `source` and `values` hold where the request says nothing else.',
      ),
    mode: ImportMode.optional().describe(
      '`append` adds rows; `upsert` also changes those with the same key; `replace` puts the rows in the place of all that are there, at once. (Default: append)',
    ),
    key: z
      .array(ColumnName)
      .min(1)
      .max(16)
      .optional()
      .describe('Of an upsert. (Default: the first key of the dataset)'),
    on_conflict: OnConflict.optional().describe(
      'What an upsert does with a row that is there: `update`, `skip`, or `error`, which rejects the row of the file. (Default: update)',
    ),
    on_error: OnError.optional().describe(
      '`quarantine` keeps rejected rows for you to correct and loads the others, `abort` fails at the first. (Default: quarantine)',
    ),
    reject_limit: RejectLimit.optional().describe('With more rejected rows than this it fails.'),
    dry_run: z
      .boolean()
      .optional()
      .describe('Does everything but store: counts and rejected rows tell what would be.'),
    hold_for_review: z
      .boolean()
      .optional()
      .describe('Sets the rows aside and waits for `confirm` before they reach the dataset.'),
    name: z.string().min(1).max(200).optional().describe('For people.'),
    notify: z
      .strictObject({ email: z.email().max(320) })
      .optional()
      .describe('Whom to tell when the import has ended.'),
  })
  .superRefine(tellProblems(importProblems))
  .meta({ id: 'CreateImport' });
export type CreateImportRequest = z.output<typeof CreateImportRequest>;
