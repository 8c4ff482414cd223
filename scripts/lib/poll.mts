import { setTimeout as delay } from 'node:timers/promises';

export interface PollOptions {
  /** Milliseconds until giving up. */
  withinMs: number;
  /** Milliseconds between two looks. (Default: 50) */
  everyMs?: number;
}

/**
 * The first answer of `look` that is neither undefined nor false, or undefined once the deadline has
 * passed. What `look` throws ends the waiting at once.
 */
export async function poll<T>(
  look: () => Promise<T | undefined | false> | T | undefined | false,
  { withinMs, everyMs = 50 }: PollOptions,
): Promise<T | undefined> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const answer = await look();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() >= deadline) return undefined;
    await delay(everyMs);
  }
}
