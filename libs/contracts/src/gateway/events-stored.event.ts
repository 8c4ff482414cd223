import { z } from 'zod';
import { event, type PayloadOf } from '../message.js';

/**
 * Tells the other gateway replicas that stored events up to this sequence can be read.
 *
 * It is a hint and may be lost: a replica that misses it finds the events by looking.
 */
export const EventsStored = event('gateway.events-stored.v1', z.object({ upTo: z.int().min(1) }));
export type EventsStored = PayloadOf<typeof EventsStored>;
