import { z } from 'zod';

export const StreamEventsQuery = z.strictObject({
  topics: z
    .string()
    .max(4000)
    .optional()
    .describe('`import:<id>,email:<id>`, up to 50; `import:*` follows all imports.'),
  ticket: z
    .string()
    .max(100)
    .optional()
    .describe(
      'In place of an API key and of topics, for an EventSource, which cannot send headers.',
    ),
});
export type StreamEventsQuery = z.output<typeof StreamEventsQuery>;

export const CreateTicketRequest = z
  .strictObject({ topics: z.array(z.string()).min(1).max(50) })
  .meta({ id: 'CreateTicket' });
export type CreateTicketRequest = z.output<typeof CreateTicketRequest>;

/** Opens one stream, once. */
export const Ticket = z
  .object({ ticket: z.string(), expires_at: z.iso.datetime() })
  .meta({ id: 'Ticket' });
export type Ticket = z.output<typeof Ticket>;
