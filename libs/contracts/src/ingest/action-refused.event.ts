import { z } from 'zod';
import { event, type PayloadOf } from '../message.js';
import { aboutImport } from './import-messages.js';

/** Says that what was asked of an import could not be done, and why; the import is what it was before. */
export const ActionRefused = event(
  'ingest.action-refused.v1',
  z.object({
    importId: z.uuid(),
    action: z.enum(['confirm', 'cancel', 'retry', 'fix', 'revert']),
    code: z.string().min(1),
    message: z.string().min(1),
    refusedAt: z.iso.datetime(),
  }),
  aboutImport,
);
export type ActionRefused = PayloadOf<typeof ActionRefused>;
