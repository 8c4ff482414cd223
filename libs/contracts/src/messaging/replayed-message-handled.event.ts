import { z } from 'zod';
import { event, type PayloadOf } from '../message.js';

/**
 * Says that a message which an operator had put back is done.
 *
 * Sent by the road itself, in whichever service handled it, in the transaction of the handling; so a
 * replay knows what was handled and not merely what was sent.
 */
export const ReplayedMessageHandled = event(
  'messaging.replayed-message-handled.v1',
  z.object({
    /** The item of the replay that put it back. */
    replayItemId: z.uuid(),
    messageId: z.uuid(),
    queue: z.string(),
    service: z.string(),
    /** `duplicate`: it had been handled before, and nothing happened. */
    outcome: z.enum(['handled', 'duplicate']),
    attempt: z.int().min(1),
    handledAt: z.iso.datetime(),
  }),
);
export type ReplayedMessageHandled = PayloadOf<typeof ReplayedMessageHandled>;
