import { z } from 'zod';
import { Limit } from './lists.js';

/** Who did what to how many, with which filter and reason. Entries are only ever added. */
export const AuditOperation = z
  .object({
    id: z.uuid().describe('The operation id; each message that was touched carries it.'),
    object: z.literal('audit_operation'),
    action: z
      .string()
      .describe('`<what>.<act>`: `dead_letter.discard`, `replay.start`, `replay.pause`, …'),
    key_id: z.uuid().nullable().describe('Null: the system did it by itself.'),
    key_name: z.string().nullable(),
    tenant_id: z.uuid().nullable(),
    request_id: z.string().nullable(),
    target: z.string().nullable().describe('The one thing it was done to, as `<kind>:<id>`.'),
    incident: z.string().nullable(),
    reason: z.string().nullable(),
    selection: z.record(z.string(), z.unknown()).nullable(),
    count: z.int().describe('Messages it was done to, or is to be done to.'),
    outcome: z.enum(['success', 'failure', 'unknown']),
    details: z.record(z.string(), z.unknown()),
    at: z.iso.datetime(),
  })
  .meta({ id: 'AuditOperation' });
export type AuditOperation = z.output<typeof AuditOperation>;

/** One message that an operation has touched, written when it was touched. */
export const AuditedMessage = z
  .object({
    object: z.literal('audited_message'),
    operation_id: z.uuid(),
    dead_letter_id: z.uuid(),
    message_id: z.string().nullable(),
    action: z.string(),
    at: z.iso.datetime(),
  })
  .meta({ id: 'AuditedMessage' });
export type AuditedMessage = z.output<typeof AuditedMessage>;

const filter = {
  action: z.string().max(100).optional(),
  key: z.uuid().optional().describe('The id of the API key.'),
  dead_letter: z.uuid().optional().describe('Operations that touched this dead letter.'),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
};

export const ListAuditQuery = z.strictObject({
  ...filter,
  limit: Limit,
  after: z.uuid().optional().describe('The `next_cursor` of the page before.'),
});
export type ListAuditQuery = z.output<typeof ListAuditQuery>;

export const ExportAuditQuery = z.strictObject(filter);
export type ExportAuditQuery = z.output<typeof ExportAuditQuery>;

export const ListAuditedMessagesQuery = z.strictObject({
  limit: Limit,
  after: z
    .string()
    .regex(/^\d{1,18}$/)
    .optional()
    .describe('The `next_cursor` of the page before.'),
});
export type ListAuditedMessagesQuery = z.output<typeof ListAuditedMessagesQuery>;
