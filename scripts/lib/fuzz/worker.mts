import { parentPort, workerData } from 'node:worker_threads';
import { readCorpus } from './corpus.mts';
import { Random } from './random.mts';
import type { Case } from './oracles.mts';
import { TARGETS } from './targets.mts';

export interface Work {
  seed: number;
  from: number;
  to: number;
  targets: string[];
  /** Where this worker writes which case it is at, for whoever watches. */
  current: Int32Array;
}

export interface Failure {
  number: number;
  target: string;
  error: string;
  /** In base64. */
  input: string;
  about: unknown;
}

const { seed, from, to, targets, current } = workerData as Work;
const corpus = readCorpus();
for (let number = from; number < to; number++) {
  Atomics.store(current, 0, number);
  const target = targets[number % targets.length] ?? '';
  let found: Case = { input: Buffer.alloc(0), about: undefined };
  try {
    await TARGETS[target]?.(new Random(seed + number * 7919), corpus, (each) => (found = each));
  } catch (error) {
    const { input, about } = found;
    const failure: Failure = {
      number,
      target,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      input: input.toString('base64'),
      about,
    };
    parentPort?.postMessage(failure, []);
  }
}
parentPort?.postMessage('done', []);
