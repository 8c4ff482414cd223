import { setTimeout as delay } from 'node:timers/promises';
import { say } from './say.mts';

/** How long something that was being started when a signal came may take to get there. */
const LATE_START_MS = 60_000;

const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/**
 * What a script has started and must end again, whichever way the script ends: done, failed,
 * Ctrl-C, or told to stop. Only `kill -9` leaves something behind, and the next start takes that over.
 */
export class Lifetime {
  private readonly endings: { name: string; end: () => Promise<void> }[] = [];
  private readonly aborter = new AbortController();

  /** Aborted when the person or the system wants the script to stop. */
  get signal(): AbortSignal {
    return this.aborter.signal;
  }

  /** Registers an ending; the last registered ends first. `end` must be safe to call once too often. */
  add(name: string, end: () => Promise<void>): void {
    this.endings.push({ name, end });
  }

  /** Runs every ending even when one fails. */
  async endAll(): Promise<void> {
    for (const { name, end } of this.endings.splice(0).toReversed()) {
      await end().catch((error: Error) => say(`${name} did not stop: ${error.message}`));
    }
  }

  abort(): void {
    this.aborter.abort();
  }

  /** Returns when the script is to stop. */
  async untilStopped(): Promise<void> {
    if (this.signal.aborted) return;
    await new Promise((resolve) => this.signal.addEventListener('abort', resolve));
  }
}

/**
 * Runs a script: `main` returns its exit code. Signals end it in order, with exit code 128 + signal;
 * further signals while it is ending change nothing, since every ending has a deadline of its own.
 */
export async function runScript(main: (lifetime: Lifetime) => Promise<number>): Promise<void> {
  const lifetime = new Lifetime();
  // Node ends a program in which nothing is left to happen; a signal does not count as such.
  setInterval(() => undefined, 2 ** 30);
  // A terminal that was closed takes no more words, and that must not keep us from ending in order.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const stopped = new Promise<number>((resolve) => {
    for (const [signal, number] of Object.entries(SIGNALS)) {
      process.on(signal, () => {
        if (!lifetime.signal.aborted) say('Stopping …');
        lifetime.abort();
        resolve(128 + number);
      });
    }
    process.on('uncaughtException', (error) => {
      say(error.stack ?? error.message);
      lifetime.abort();
      resolve(1);
    });
  });
  const done = main(lifetime).catch((error: unknown) => {
    if (!lifetime.signal.aborted) say(error instanceof Error ? error.message : String(error));
    return 1;
  });
  const code = await Promise.race([done, stopped]);
  await lifetime.endAll();
  // What is still being started when a signal comes registers its ending late.
  if (lifetime.signal.aborted) {
    await Promise.race([done, delay(LATE_START_MS)]);
    await lifetime.endAll();
  }
  process.exit(code);
}
