import { z } from 'zod';

/** Follows everything that concerns one import. */
export const aboutImport = ({ importId }: { importId: string }): string => `import:${importId}`;

/** Follows everything that concerns one dataset. */
export const aboutDataset = ({ dataset }: { dataset: string }): string => `dataset:${dataset}`;

/** Whom to tell when the import has ended. */
export const Notify = z.object({ email: z.email() });

/** A file in object storage. Files never travel through the broker; messages carry this claim check. */
export const FileReference = z.object({
  key: z.string().min(1),
  name: z.string(),
  size: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** A place between two records of a file. */
export const FilePosition = z.object({
  offset: z.int().min(0),
  /** Number of the next record, counted from 1; the header is not counted. */
  row: z.int().min(1),
  /** Number of the next physical line, counted from 1. */
  line: z.int().min(1),
});

/** A run of whole records, small enough for one transaction. */
export const FileChunk = z.object({
  number: z.int().min(0),
  from: z.int().min(0),
  /** Exclusive. */
  to: z.int().min(0),
  firstRow: z.int().min(1),
  firstLine: z.int().min(1),
  rows: z.int().min(0),
  /** No stray quotes, no blank lines: PostgreSQL reads it exactly as we do. */
  strict: z.boolean(),
});

/** What is done one after the other, each with a bar of its own. */
export const ImportPhase = z.object({
  /**
   * `converting` makes packed or otherwise encoded files plain; `loading` reads rows and commits them, or sets them
   * aside; `merging` takes rows set aside over into the dataset; `reverting` takes them back out.
   */
  name: z.enum(['converting', 'loading', 'merging', 'reverting']),
  done: z.int().min(0),
  /** Zero while it is not known. */
  total: z.int().min(0),
  unit: z.enum(['bytes', 'rows', 'parts']),
});
export type ImportPhase = z.output<typeof ImportPhase>;

export const ImportTotals = z.object({
  /** Bytes of the file whose rows are committed. */
  bytesDone: z.int().min(0),
  bytesTotal: z.int().min(0),
  /** Rows that are good as far as they have been looked at: stored, or set aside to be merged. */
  rowsLoaded: z.int().min(0),
  rowsRejected: z.int().min(0),
  /** What has become of the rows in the dataset. In a dry run: what would. */
  rowsCreated: z.int().min(0).default(0),
  rowsUpdated: z.int().min(0).default(0),
  /** An upsert that would change nothing. */
  rowsUnchanged: z.int().min(0).default(0),
  /** `on_conflict: skip`, and rows of the file that a later one with the same key replaces. */
  rowsSkipped: z.int().min(0).default(0),
  phases: z.array(ImportPhase).default([]),
});
export type ImportTotals = z.output<typeof ImportTotals>;

/** Why rows were rejected, the most frequent reason first. */
export const Rejections = z.array(
  z.object({
    code: z.string(),
    column: z.string().nullable(),
    rows: z.int().min(1),
    /** The first of them, so that a person can find it. */
    firstLine: z.int().min(1),
    message: z.string(),
  }),
);
export type Rejections = z.output<typeof Rejections>;
