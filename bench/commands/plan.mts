import type { RegisteredHandler } from '@offload/messaging';
import { z } from 'zod';
import { builtContracts, builtMessaging } from '../lib/built.mts';

/** What both programs are told, in their environment. */
export interface Plan {
  databaseUrl: string;
  rabbitmqUrl: string;
  /** How many deliveries there are to handle. */
  messages: number;
  prefetch: number;
  /** The collector that is told of every message; without one nothing is traced. */
  tracesTo?: string;
}

/** What a program measured. */
export interface Measured {
  /** From the arrival of the first delivery to the end of the last. */
  handledMs: number;
  /** The same until the last message of the outbox was confirmed by the broker, where it is sent at all. */
  publishedMs?: number;
}

export const schema = 'bench_commands';
export const queue = 'bench.note';
/** Takes the event of every handled command; it keeps one and drops the rest. */
export const sinkQueue = 'bench.sink';

const { command, event } = builtContracts();
const payload = z.object({ text: z.string() });

/** The command that is handled and the event that handling sends. */
export const Note = command('bench.note.v1', payload);
export const Noted = event('bench.noted.v1', payload);

export const context = {
  source: 'bench',
  tenantId: '0198d0e4-0000-7000-8000-000000000001',
  correlationId: 'bench',
};

export const insertNote = 'insert into note (text) values ($1)';

/** A handler of the plainest kind: one row, one message. */
export function noteHandler(prefetch: number): RegisteredHandler {
  return {
    registration: { queue, contract: Note, prefetch, attempts: 8 },
    invoke: async (note, { tx }) => {
      const { text } = note as { text: string };
      await tx.query(insertNote, [text]);
      return [Noted({ text })];
    },
  };
}

/** The same queue for both, as the service would declare it. */
export function wantedTopology(): ReturnType<ReturnType<typeof builtMessaging>['topology']> {
  return builtMessaging().topology([{ queue, contract: Note }], []);
}
