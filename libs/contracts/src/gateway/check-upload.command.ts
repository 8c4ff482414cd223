import { z } from 'zod';
import { command, type PayloadOf } from '../message.js';

/**
 * Asks for an upload whose bytes have all come to be put together from its parts, hashed, looked at and
 * scanned, as far as that has not been done yet.
 *
 * It says nothing of how far it is: whoever obeys looks at the upload, so it may be sent again at any time.
 */
export const CheckUpload = command(
  'gateway.check-upload.v1',
  z.object({ uploadId: z.uuid() }),
  ({ uploadId }) => `upload:${uploadId}`,
);
export type CheckUpload = PayloadOf<typeof CheckUpload>;
