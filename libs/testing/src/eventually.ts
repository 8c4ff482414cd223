import { setTimeout as pause } from 'node:timers/promises';

/**
 * Polls until `attempt` does not throw and answers what it returned; for what happens outside this
 * process. Fails with the last failure when `timeoutMs` have passed. (Default: 15 000)
 */
export async function eventually<T>(attempt: () => T | Promise<T>, timeoutMs = 15_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await pause(25);
    }
  }
}
