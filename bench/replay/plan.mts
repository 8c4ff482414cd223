import { z } from 'zod';
import { builtContracts } from '../lib/built.mts';

/** What the worker is told, in its environment. */
export interface WorkerPlan {
  databaseUrl: string;
  rabbitmqUrl: string;
}

export const schema = 'bench_replay';
export const queue = 'bench.note';

/** `always`: it can never be handled. `until-mended`: not before the worker is told that it is mended. */
export type Trouble = 'none' | 'always' | 'until-mended';

const { command } = builtContracts();

export const Note = command(
  'bench.note.v1',
  z.object({ number: z.int(), trouble: z.enum(['none', 'always', 'until-mended']) }),
);

export const tenantId = '0198d0e4-0000-7000-8000-000000000001';
