import { z } from 'zod';

/** A file that was received whole. */
export const UploadResource = z
  .object({
    id: z.uuid(),
    object: z.literal('upload'),
    state: z.literal('ready'),
    file_name: z.string().describe('As the client called it, without any path.'),
    declared_type: z.string().nullable().describe('The Content-Type the client gave.'),
    size: z.int().min(1).describe('Bytes.'),
    sha256: z.string().describe('Of the bytes received, in lower-case hexadecimal.'),
    created_at: z.iso.datetime(),
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
