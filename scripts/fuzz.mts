import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { ensureBuilt } from './lib/build-output.mts';
import type { Failure, Work } from './lib/fuzz/worker.mts';
import { type Lifetime, runScript } from './lib/lifetime.mts';
import { say } from './lib/say.mts';

const USAGE = `npm run fuzz -- [options]

  --count=200000   Inputs to try.
  --seed=<number>  The same seed makes the same inputs. (Default: the time.)
  --case=<number>  Only this one of them.
  --only=<target>  csv, odd, dialects, ndjson, json, detect, packed, workbook or encodings.`;

const TARGETS = [
  'csv',
  'odd',
  'dialects',
  'ndjson',
  'json',
  'detect',
  'packed',
  'workbook',
  'encodings',
];
/** Small as the inputs are, none takes a hundredth of this. */
const DEADLINE_MS = 10_000;
const MAX_FAILURES = 10;

/**
 * Reads a few hundred thousand broken files with everything that reads files, and checks what is promised of
 * each: none hangs, none fails but with words, no byte is passed over, no record is lost or told differently for
 * how the file is cut into buffers. Prints the seed, and each input that breaks a promise.
 */
await runScript(async (lifetime) => {
  const { values } = parseArgs({
    options: {
      count: { type: 'string', default: '200000' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
      case: { type: 'string' },
      only: { type: 'string' },
    },
  });
  const [count, seed, only] = [Number(values.count), Number(values.seed), Number(values.case)];
  const targets = values.only === undefined ? TARGETS : [values.only];
  if (
    !Number.isInteger(count) ||
    !Number.isInteger(seed) ||
    !targets.every((each) => TARGETS.includes(each))
  ) {
    console.error(USAGE);
    return 2;
  }
  await ensureBuilt();
  say(`Seed ${seed}.`);
  const ranges = values.case === undefined ? inParts(count) : [{ from: only, to: only + 1 }];
  const failures: Failure[] = [];
  await Promise.all(ranges.map((range) => run({ seed, targets, ...range }, lifetime, failures)));
  for (const failure of failures.slice(0, MAX_FAILURES)) report(seed, values.only, failure);
  const tried = ranges.reduce((sum, { from, to }) => sum + to - from, 0);
  console.log(`${tried} inputs with seed ${seed}, ${failures.length} broke a promise.`);
  return failures.length === 0 ? 0 : 1;
});

function inParts(count: number): { from: number; to: number }[] {
  const parts = availableParallelism();
  const bounds = Array.from({ length: parts + 1 }, (_, part) => Math.floor((count * part) / parts));
  return bounds.slice(1).map((to, part) => ({ from: bounds[part] ?? 0, to }));
}

/** Runs a range of cases in a thread; one that hangs or dies costs its case, and the rest goes on in another. */
async function run(
  work: Omit<Work, 'current'>,
  lifetime: Lifetime,
  failures: Failure[],
): Promise<void> {
  let { from } = work;
  while (from < work.to && !lifetime.signal.aborted && failures.length < MAX_FAILURES) {
    const current = new Int32Array(new SharedArrayBuffer(4)).fill(from);
    const end = await runThread({ ...work, from, current }, lifetime, failures);
    if (end === 'done') return;
    const number = Atomics.load(current, 0);
    const target = work.targets[number % work.targets.length] ?? '';
    failures.push({ number, target, error: end, input: '', about: undefined });
    from = number + 1;
  }
}

async function runThread(work: Work, { signal }: Lifetime, failures: Failure[]): Promise<string> {
  const worker = new Worker(new URL('./lib/fuzz/worker.mts', import.meta.url), {
    workerData: work,
    resourceLimits: { maxOldGenerationSizeMb: 1024 },
  });
  let [last, since] = [-1, Date.now()];
  const { promise, resolve } = Promise.withResolvers<string>();
  const watchdog = setInterval(() => {
    const number = Atomics.load(work.current, 0);
    if (number !== last) [last, since] = [number, Date.now()];
    else if (Date.now() - since > DEADLINE_MS) resolve(`It was not done after ${DEADLINE_MS} ms.`);
    if (signal.aborted || failures.length >= MAX_FAILURES) resolve('done');
  }, 200);
  worker.on('message', (message: Failure | 'done') => {
    if (message === 'done') resolve('done');
    else failures.push(message);
  });
  worker.on('error', (error) => resolve(`The thread died: ${error.stack ?? error.message}`));
  worker.on('exit', () => resolve('The thread ended in the middle.'));
  const end = await promise;
  clearInterval(watchdog);
  await worker.terminate();
  return end;
}

function report(
  seed: number,
  only: string | undefined,
  { number, target, error, input, about }: Failure,
): void {
  const repeat = `npm run fuzz -- --seed=${seed} --case=${number}${only === undefined ? '' : ` --only=${only}`}`;
  console.log(`\nCase ${number} (${target}): ${error}`);
  if (about !== undefined) console.log(`  ${JSON.stringify(about)}`);
  if (input !== '') console.log(`  input in base64: ${input.slice(0, 4000)}`);
  console.log(`  again: ${repeat}`);
}
