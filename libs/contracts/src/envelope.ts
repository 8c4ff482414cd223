import { z } from 'zod';

/**
 * What travels beside every payload: the attributes of CloudEvents 1.0, section 3.1 (`id`, `source`,
 * `type`, `subject`, `time`) and the extensions that make one story of many messages.
 */
export const Envelope = z.object({
  /** Unique for all time; a retry, a redelivery and a replay keep it. */
  id: z.uuid(),
  /** The service that sent it. */
  source: z.string().min(1),
  type: z.string().min(1),
  /** What it is about, as `<kind>:<id>`. */
  subject: z.string().optional(),
  time: z.iso.datetime(),
  tenantId: z.uuid(),
  /** The same from the HTTP request to the last message it caused. */
  correlationId: z.string().min(1),
  /** The id of the message whose handling sent this one. */
  causationId: z.uuid().optional(),
  /** W3C Trace Context, section 3.2. */
  traceparent: z.string().optional(),
  /** Which try this is, counted by us from 1. */
  attempt: z.int().min(1),
  /** How often an operator has put it back. */
  replays: z.int().min(0),
});
export type Envelope = z.output<typeof Envelope>;

/** What the messages of one request or of one handled message have in common. */
export interface MessageContext {
  source: string;
  tenantId: string;
  correlationId: string;
  causationId?: string | undefined;
  traceparent?: string | undefined;
}
