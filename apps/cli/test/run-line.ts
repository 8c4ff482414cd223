import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { run } from '../src/run.js';

export interface Ran {
  code: number;
  out: string;
  err: string;
}

export interface Around {
  url?: string;
  /** What is piped in. (Default: nothing) */
  input?: string;
  env?: Record<string, string>;
  signal?: AbortSignal;
}

/** The time of every test. */
export const now = new Date('2026-11-22T12:00:00Z');

/** Runs one command line in a world of its own, as a script would: no terminal, input from a pipe. */
export async function runLine(argv: readonly string[], around: Around = {}): Promise<Ran> {
  const { url = 'http://127.0.0.1:9', input = '', env = {} } = around;
  const stdin = new PassThrough();
  stdin.end(input);
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const texts = [text(stdout), text(stderr)] as const;
  const world = {
    env: { OFFLOAD_URL: url, OFFLOAD_API_KEY: 'off_test', HOME: '/nonexistent', ...env },
    stdin,
    stdout,
    stderr,
    signal: around.signal ?? new AbortController().signal,
    now: () => now,
  };
  const code = await run(world, argv);
  stdout.end();
  stderr.end();
  const [out, err] = await Promise.all(texts);
  return { code, out, err };
}
