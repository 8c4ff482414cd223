import { z } from 'zod';
import { hint, type PayloadOf } from '../message.js';

/**
 * Tells the other gateway replicas that stored events up to this sequence can be read.
 *
 * A replica that misses it finds the events by looking, up to a second later.
 */
export const EventsStored = hint('gateway.events-stored.v1', z.object({ upTo: z.int().min(1) }));
export type EventsStored = PayloadOf<typeof EventsStored>;
