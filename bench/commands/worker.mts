import type { Plan } from './plan.mts';

/**
 * One process that handles what is in the queue and reports to its parent: `offload` or `raw` as its
 * argument, the plan as JSON in PLAN. Only what it runs is loaded: tracing comes before the database's driver.
 */
const run =
  process.argv[2] === 'offload'
    ? (await import('./offload-worker.mts')).runOffload
    : (await import('./raw-worker.mts')).runRaw;
process.send?.(await run(JSON.parse(process.env['PLAN'] ?? '') as Plan));
process.disconnect?.();
