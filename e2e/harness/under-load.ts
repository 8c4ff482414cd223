import { setTimeout as pause } from 'node:timers/promises';
import type { NumberedLoad } from './numbered-load.js';

/** Works while clients post, and answers what it answered once the last of them has its answer. */
export async function underLoad<T>(load: NumberedLoad, work: () => Promise<T>): Promise<T> {
  let isOver = false;
  const working = work().finally(() => {
    isOver = true;
  });
  const [answer] = await Promise.all([working, keepPosting(load, () => isOver)]);
  return answer;
}

/** Several clients, each of which posts one request after the other until it is over. */
async function keepPosting(load: NumberedLoad, isOver: () => boolean): Promise<void> {
  const clients = Array.from({ length: 3 }, () => [
    keep(() => load.postImport(), isOver),
    keep(() => load.postEmail(), isOver),
  ]);
  await Promise.all(clients.flat());
}

async function keep(post: () => Promise<unknown>, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    await post();
    await pause(20);
  }
}
