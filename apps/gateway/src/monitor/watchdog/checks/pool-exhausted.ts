import { liveOnes } from '../../workers/heard-worker.js';
import type { Check } from '../facts.js';
import { counted } from '../words.js';

/** Processes whose connections to the database are all taken, or for which somebody waits, look after look. */
export const poolExhausted: Check = ({ workers, limits }) =>
  liveOnes(workers).flatMap(({ report: { instance, pool } }) => {
    const isFull = pool.size > 0 && pool.inUse >= pool.size;
    if (!isFull && pool.waiting === 0) return [];
    return [
      {
        code: 'pool_exhausted' as const,
        severity: pool.waiting > 0 ? ('critical' as const) : ('warning' as const),
        subject: `worker:${instance}`,
        detail: `${instance} has ${pool.inUse} of ${counted(pool.size, 'database connection')} in use, and ${pool.waiting} wait for one.`,
        remedy:
          'See in pg_stat_activity what its connections do: one that is idle in transaction was not given back; if all are busy, raise DATABASE_POOL or find the slow statement.',
        // Two more looks: busy for a moment is what a pool is for.
        confirmAfterMs: 2 * limits.everyMs,
      },
    ];
  });
