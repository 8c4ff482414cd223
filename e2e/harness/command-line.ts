import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { inRepository } from '../../scripts/lib/repository.mts';
import type { Stack } from '../../scripts/lib/stack.mts';

export interface Ran {
  /** The exit code. */
  code: number | null;
  out: string;
  err: string;
}

export interface Around {
  /** What is piped in. (Default: nothing) */
  input?: string;
  env?: Record<string, string>;
  /** Told what standard error says, as it says it, with the way to press Ctrl-C. */
  onNote?: (said: string, pressCtrlC: () => void) => void;
}

/** Runs `offload` as a person's script would: the program of the package, as a process. */
export async function runOffload(
  stack: Pick<Stack, 'url' | 'apiKey'>,
  argv: readonly string[],
  { input = '', env = {}, onNote }: Around = {},
): Promise<Ran> {
  const child = spawn(inRepository('apps/cli/bin/offload.cjs'), argv, {
    env: { ...process.env, OFFLOAD_URL: stack.url, OFFLOAD_API_KEY: stack.apiKey, ...env },
  });
  child.stdin.on('error', () => undefined).end(input);
  let said = '';
  child.stderr.on('data', (bytes: Buffer) => {
    said += bytes.toString();
    onNote?.(said, () => child.kill('SIGINT'));
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('close', resolve).on('error', reject);
  });
  const [code, out] = await Promise.all([ended, text(child.stdout)]);
  return { code, out, err: said };
}
