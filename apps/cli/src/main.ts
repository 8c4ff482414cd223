import { exitCodes } from './exit-codes.js';
import { run } from './run.js';

/** The same Ctrl-C may arrive twice: from the terminal, and from the program that started us. */
const sameCtrlCMs = 500;
const stopping = new AbortController();
let stoppedAt = Infinity;

// The first lets the command say what it leaves behind, the second does not wait for it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (Date.now() - stoppedAt > sameCtrlCMs) process.exit(exitCodes.stopped);
    stoppedAt = Math.min(stoppedAt, Date.now());
    stopping.abort();
  });
}

// Whoever reads us may have seen enough, as `head` has.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(exitCodes.done);
});

const { env, stdin, stdout, stderr } = process;
const { signal } = stopping;
const world = { env, stdin, stdout, stderr, signal, now: () => new Date() };
void run(world, process.argv.slice(2)).then((code) => (process.exitCode = code));
