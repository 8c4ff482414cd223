import { runOffload } from './offload-worker.mts';
import type { Plan } from './plan.mts';
import { runRaw } from './raw-worker.mts';

/**
 * One process that handles what is in the queue and reports to its parent: `offload` or `raw` as its
 * argument, the plan as JSON in PLAN.
 */
const run = process.argv[2] === 'offload' ? runOffload : runRaw;
process.send?.(await run(JSON.parse(process.env['PLAN'] ?? '') as Plan));
process.disconnect?.();
