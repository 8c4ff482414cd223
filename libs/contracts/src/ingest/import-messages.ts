import { z } from 'zod';

/** Follows everything that concerns one import. */
export const aboutImport = ({ importId }: { importId: string }): string => `import:${importId}`;

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

export const ImportTotals = z.object({
  /** Bytes of the file whose rows are committed. */
  bytesDone: z.int().min(0),
  bytesTotal: z.int().min(0),
  rowsLoaded: z.int().min(0),
  rowsRejected: z.int().min(0),
});
