import { setTimeout as pause } from 'node:timers/promises';
import { Stopped } from '../exit-codes.js';
import { ApiRefused, codeOf, Unreachable } from './api.errors.js';

/** Waits between tries while nobody answers, in milliseconds. */
const unansweredMs = [250, 500, 1000, 2000, 4000];
/** While the API says "later"; the key of a request that a killed gateway had is free after 30 s. */
const laterMs = [...unansweredMs, 8000, 16_000, 16_000];
/** A server that asks for more patience than this is told of instead. */
const longestRetryAfterS = 60;

const passing = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
]);

export interface RetryOptions {
  signal: AbortSignal;
  /** Told before each wait. */
  onWait: (error: Error, waitMs: number) => void;
}

/**
 * Tries again while the connection fails, the API says "later" (503 and the like, as its Retry-After
 * asks) or it still works on the same Idempotency-Key. Every try must be the same request: what it
 * changes, it changes once. Throws the last failure; Stopped on Ctrl-C.
 */
export async function retrying<T>(
  attempt: () => Promise<T>,
  { signal, onWait }: RetryOptions,
): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (signal.aborted) throw new Stopped();
      const waitMs = waitAfter(error, tries);
      if (waitMs === undefined) throw error;
      onWait(error as Error, waitMs);
      await patiently(waitMs, signal);
    }
  }
}

/** Whether the same may succeed later: the connection failed, or the API says "later". */
export function isPassing(error: unknown): boolean {
  if (error instanceof Unreachable) return passing.has(codeOf(error) ?? '');
  if (!(error instanceof ApiRefused)) return false;
  const { code, status } = error.problem;
  return code === 'idempotency_in_flight' || [502, 503, 504].includes(status);
}

/** How long to wait before the next try; undefined when it would be the same again. */
export function waitAfter(error: unknown, tries: number): number | undefined {
  if (!isPassing(error)) return undefined;
  if (!(error instanceof ApiRefused)) return unansweredMs[tries];
  const usualMs = laterMs[tries];
  const { retryAfterS } = error;
  if (usualMs === undefined) return undefined;
  if (retryAfterS === undefined) return usualMs;
  return retryAfterS > longestRetryAfterS ? undefined : Math.max(retryAfterS * 1000, usualMs);
}

/** Throws Stopped on Ctrl-C. */
export async function patiently(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await pause(ms, undefined, { signal });
  } catch {
    throw new Stopped();
  }
}
