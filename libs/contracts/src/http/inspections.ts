import { z } from 'zod';
import { ColumnType, DatasetName } from '../ingest/dataset-columns.js';
import {
  SourceEncoding,
  SourceFormat,
  SourceOptions,
  ValueOptions,
} from '../ingest/import-options.js';

export const InspectUploadRequest = z
  .strictObject({
    source: SourceOptions.optional().describe('What is known of how the file is written.'),
    values: ValueOptions.optional().describe('What is known of how its values are written.'),
  })
  .meta({ id: 'InspectUpload' });
export type InspectUploadRequest = z.output<typeof InspectUploadRequest>;

const Confidence = z.number().min(0).max(1);

export const InspectedColumn = z
  .object({
    name: z.string().describe('As it will be called in the dataset.'),
    original: z.string().describe('As the file calls it; empty without a header.'),
    type: ColumnType.describe('Holds for every value that was looked at.'),
    nullable: z.boolean(),
    confidence: Confidence.describe('Of the type, from 0 to 1.'),
    examples: z.array(z.string()).max(5).describe('Different values, as they stand in the file.'),
    problems: z.array(z.string()).describe('What is odd or doubtful, in words.'),
    values: ValueOptions.describe('What this column needs of `values`.'),
    filled: z.int().describe('Values that were looked at.'),
    empty: z.int().describe('Fields that were looked at and have no value.'),
  })
  .meta({ id: 'InspectedColumn' });
export type InspectedColumn = z.output<typeof InspectedColumn>;

export const InspectedSource = z
  .object({
    format: SourceFormat,
    packing: z.enum(['none', 'gzip', 'zip']),
    entry: z.string().nullable().describe('The file in the archive that was looked into.'),
    encoding: SourceEncoding,
    bom: z.boolean().describe('It begins with a byte order mark, which is no data.'),
    delimiter: z.string().nullable().describe('Null, as the next three, unless it is CSV.'),
    quote: z.string().nullable(),
    escape: z.string().nullable().describe('Null when a quote inside quotes is doubled.'),
    newline: z.enum(['lf', 'crlf', 'cr']).nullable(),
    header: z.boolean(),
    skip: z.int().describe('Lines before the header that are left out.'),
    footer: z.int().describe('Rows at the end that are left out.'),
    sheet: z.string().nullable().describe('The sheet of the workbook that was looked into.'),
  })
  .meta({ id: 'InspectedSource' });
export type InspectedSource = z.output<typeof InspectedSource>;

export const Inspection = z
  .object({
    object: z.literal('inspection'),
    upload_id: z.uuid(),
    file_name: z.string(),
    size: z.int().describe('Bytes.'),
    source: InspectedSource.describe('What was told, and what was found for the rest.'),
    confidence: z
      .object({ encoding: Confidence, dialect: Confidence, header: Confidence })
      .describe('From 0 to 1; 1 for what was told.'),
    entries: z
      .array(z.object({ name: z.string(), size: z.int() }))
      .nullable()
      .describe('The files in a zip archive, for `source.entry`.'),
    sheets: z.array(z.string()).nullable().describe('Of a workbook, for `source.sheet`.'),
    columns: z.array(InspectedColumn),
    values: ValueOptions.describe('What the columns need together, and what was told.'),
    preamble: z.array(z.string()).describe('Lines above the header that are left out.'),
    footer: z
      .array(z.string())
      .describe(
        'Rows at the end that look like totals or notes. They are imported unless `source.footer` says how many are not.',
      ),
    rows: z
      .array(z.array(z.string().nullable()))
      .max(50)
      .describe(
        'The first rows, as they stand in the file. Long values are cut, which ends in “…”.',
      ),
    problems: z.array(z.string()).describe('What is odd about the file as a whole, in words.'),
    is_whole: z
      .boolean()
      .describe(
        'Every row was looked at. Otherwise the types are those of a sample; an import proves them on every row.',
      ),
    import: z
      .object({
        upload_id: z.uuid(),
        dataset: z.object({
          name: DatasetName,
          columns: z
            .array(z.object({ name: z.string(), type: ColumnType, nullable: z.boolean() }))
            .optional(),
        }),
        source: z.object(SourceOptions.shape),
        values: z.object(ValueOptions.shape),
      })
      .describe('The body of `POST /v1/imports` that imports exactly this.'),
  })
  .meta({ id: 'Inspection' });
export type Inspection = z.output<typeof Inspection>;
