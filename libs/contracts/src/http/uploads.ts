import { z } from 'zod';
import { Limit } from './lists.js';
import { WorkHold } from './monitor.js';

export const UploadState = z
  .enum(['receiving', 'received', 'scanning', 'ready', 'rejected', 'quarantined', 'expired'])
  .describe(
    '`receiving`: bytes are still to come. `received`: all have come, and they are being put together or ' +
      'hashed. `scanning`: a virus scan is going on or is waited for. `ready`: it can be used. `rejected`: it ' +
      'is not what it was said to be, and nothing of it was kept. `quarantined`: the virus scanner found ' +
      'something in it. `expired`: nobody went on with it, or nobody used it, in time.',
  );
export type UploadState = z.output<typeof UploadState>;

export const UploadScan = z
  .object({
    status: z
      .enum(['off', 'pending', 'clean', 'infected', 'not_scanned', 'too_large'])
      .describe(
        '`off`: it is not scanned. `not_scanned`: the scanner did not answer, and it is scanned ' +
          'as soon as it does. `too_large`: the scanner does not look into files as large as this.',
      ),
    engine: z.string().nullable(),
    signature: z.string().nullable().describe('What was found.'),
    at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'UploadScan' });
export type UploadScan = z.output<typeof UploadScan>;

/** A file that was sent, or is being sent. */
export const UploadResource = z
  .object({
    id: z.uuid(),
    object: z.literal('upload'),
    state: UploadState,
    kind: z
      .enum(['whole', 'part', 'assembled'])
      .describe(
        '`part`: one of several uploads that another, `assembled`, is put together from (tus concatenation); ' +
          'it cannot be used by itself and is not listed.',
      ),
    file_name: z.string().describe('As the client called it, without any path.'),
    declared_type: z.string().nullable().describe('The type the client gave.'),
    detected_type: z.string().nullable().describe('The type by its first bytes; null until known.'),
    size: z.int().min(0).nullable().describe('Bytes; null while the client has not said how many.'),
    offset: z.int().min(0).describe('Bytes that have come and are kept.'),
    sha256: z
      .string()
      .nullable()
      .describe('Of the whole file, in lower-case hexadecimal; null until known.'),
    scan: UploadScan,
    problem: z
      .object({ code: z.string(), detail: z.string() })
      .nullable()
      .describe('Why it was rejected, is in quarantine or has expired.'),
    hold: WorkHold.nullable().describe('Why it is not checked: what that needs is failing.'),
    expires_at: z.iso
      .datetime()
      .nullable()
      .describe('When it is removed unless somebody goes on with it or imports it.'),
    created_at: z.iso.datetime(),
    links: z.object({ self: z.string(), content: z.string() }),
  })
  .meta({ id: 'Upload' });
export type UploadResource = z.output<typeof UploadResource>;

export const CreateUploadQuery = z.strictObject({
  file_name: z
    .string()
    .min(1)
    .max(1024)
    .optional()
    .describe('Takes precedence over Content-Disposition.'),
});
export type CreateUploadQuery = z.output<typeof CreateUploadQuery>;

export const ListUploadsQuery = z.strictObject({
  limit: Limit,
  after: z.uuid().optional().describe('The `next_cursor` of the page before.'),
  state: UploadState.optional(),
});
export type ListUploadsQuery = z.output<typeof ListUploadsQuery>;

/** The version of tus that is spoken, and what of its extensions. */
export const tusVersion = '1.0.0';
export const tusExtensions = [
  'creation',
  'creation-with-upload',
  'creation-defer-length',
  'termination',
  'expiration',
  'checksum',
  'concatenation',
  'concatenation-unfinished',
] as const;
export const tusChecksumAlgorithms = ['sha1', 'sha256', 'md5'] as const;
