import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Lifetime } from '../../scripts/lib/lifetime.mts';
import type { WorkerPlan } from './plan.mts';

export interface Worker {
  /** From here on what waited for it can be handled. */
  mend: () => void;
  breakAgain: () => void;
}

/** Starts the worker and returns when it consumes; it ends with the lifetime. */
export async function startWorker(lifetime: Lifetime, plan: WorkerPlan): Promise<Worker> {
  const program = fileURLToPath(new URL('worker.mts', import.meta.url));
  const child = fork(program, { env: { ...process.env, PLAN: JSON.stringify(plan) } });
  const exited = once(child, 'exit');
  lifetime.add('worker', async () => {
    if (child.connected) child.disconnect();
    await exited;
  });
  const failed = exited.then(() => {
    throw new Error('The worker ended early.');
  });
  failed.catch(() => undefined);
  await Promise.race([once(child, 'message'), failed]);
  return { mend: () => child.send('mend'), breakAgain: () => child.send('break') };
}
