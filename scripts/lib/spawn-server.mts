import { spawn } from 'node:child_process';
import { closeSync, readFileSync, statSync } from 'node:fs';
import { asUser } from './drop-privileges.mts';
import type { InstanceFolder } from './instance-folder.mts';
import { poll } from './poll.mts';
import { endProcess, identify, isRunning, type ProcessIdentity } from './processes.mts';
import { lastLines } from './run-program.mts';

export interface ServerCommand {
  /** What it is called in the instance's logs and in messages. */
  label: string;
  command: string;
  args: string[];
  /** The whole environment: what the caller's shell exports must not steer a server. */
  env: Record<string, string>;
  cwd: string;
}

/**
 * Starts a server in a process group of its own, so that Ctrl-C at the terminal reaches only us and
 * the order of stopping stays ours. Its output goes to the instance's log.
 */
export async function spawnServer(
  folder: InstanceFolder,
  { label, command, args, env, cwd }: ServerCommand,
): Promise<ProcessIdentity> {
  const log = folder.openLog(label);
  const child = spawn(command, args, {
    ...asUser(folder.user),
    cwd,
    env,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.unref();
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => reject(new Error(`${command}: ${error.message}`)));
  });
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  return identity ?? { pid: child.pid ?? 0, startedAt: 'ended' };
}

/**
 * Waits until `isReady`, and throws with the end of the log when the server ends before or takes
 * too long; it is killed in that case.
 */
export async function untilReady(
  folder: InstanceFolder,
  server: { label: string; identity: ProcessIdentity; logFrom: number },
  isReady: () => Promise<boolean>,
  withinMs: number,
): Promise<void> {
  const state = await poll<'ready' | 'ended'>(
    async () => ((await isReady()) ? 'ready' : !isRunning(server.identity) && 'ended'),
    { withinMs },
  );
  if (state === 'ready') return;
  const signals: NodeJS.Signals[] = ['SIGKILL'];
  await endProcess(server.identity, { signals, patienceMs: 5000, group: true });
  const what = state === 'ended' ? 'ended while starting' : `was not ready in ${withinMs / 1000} s`;
  const said = lastLines(logSince(folder, server.label, server.logFrom), 20);
  throw new Error(
    `${server.label} ${what}. Its log, ${folder.logFile(server.label)}, ends:\n${said}`,
  );
}

/** Where the log of a server stands; what is written later belongs to the next start. */
export function logLength(folder: InstanceFolder, label: string): number {
  return statSync(folder.logFile(label), { throwIfNoEntry: false })?.size ?? 0;
}

function logSince(folder: InstanceFolder, label: string, from: number): string {
  const bytes = readFileSync(folder.logFile(label));
  return bytes.subarray(from <= bytes.length ? from : 0).toString('utf8');
}
