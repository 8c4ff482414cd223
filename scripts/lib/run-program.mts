import { spawn, spawnSync, type SpawnOptions } from 'node:child_process';

export interface Outcome {
  /** Exit code; undefined when the program could not be started or died of a signal. */
  code: number | undefined;
  /** Standard output and standard error, in the order they came. */
  output: string;
}

/** Runs a program to its end without a shell and without input; never rejects. */
export function runProgram(
  command: string,
  args: string[],
  options: SpawnOptions = {},
): Promise<Outcome> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const output = (): string => Buffer.concat(chunks).toString('utf8');
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', (error) => resolve({ code: undefined, output: error.message }));
    child.on('close', (code) => resolve({ code: code ?? undefined, output: output() }));
  });
}

/** Runs a program that must succeed and returns its output; otherwise throws what it said last. */
export async function mustRun(
  command: string,
  args: string[],
  options: SpawnOptions = {},
): Promise<string> {
  const { code, output } = await runProgram(command, args, options);
  if (code === 0) return output;
  throw new Error(`${command} failed (exit ${code ?? 'by signal'}):\n${lastLines(output, 20)}`);
}

/** Whether a quick program ends with exit code 0. */
export function succeeds(command: string, args: string[], timeoutMs = 10_000): boolean {
  return spawnSync(command, args, { stdio: 'ignore', timeout: timeoutMs }).status === 0;
}

export function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
