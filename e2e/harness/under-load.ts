import { setTimeout as pause } from 'node:timers/promises';
import type { NumberedLoad } from './numbered-load.js';

export interface LoadOptions {
  /** Of each kind. (Default: 3) */
  clients?: number;
  /** That a client rests after each answer, in milliseconds. (Default: 20) */
  restMs?: number;
}

/** Works while clients post, and answers what it answered once the last of them has its answer. */
export async function underLoad<T>(
  load: NumberedLoad,
  work: () => Promise<T>,
  options: LoadOptions = {},
): Promise<T> {
  let isOver = false;
  const working = work().finally(() => {
    isOver = true;
  });
  const [answer] = await Promise.all([working, keepPosting(load, () => isOver, options)]);
  return answer;
}

/** Several clients, each of which posts one request after the other until it is over. */
async function keepPosting(
  load: NumberedLoad,
  isOver: () => boolean,
  { clients = 3, restMs = 20 }: LoadOptions,
): Promise<void> {
  const posting = Array.from({ length: clients }, () => [
    keep(() => load.postImport(), { isOver, restMs }),
    keep(() => load.postEmail(), { isOver, restMs }),
  ]);
  await Promise.all(posting.flat());
}

/** Asks again and again until it is over, with a rest after each answer. */
export async function keep(
  ask: () => Promise<unknown>,
  { isOver, restMs }: { isOver: () => boolean; restMs: number },
): Promise<void> {
  while (!isOver()) {
    await ask();
    await pause(restMs);
  }
}
