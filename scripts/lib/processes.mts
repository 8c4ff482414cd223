import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { poll } from './poll.mts';

/**
 * A process, told apart from a later one that was given the same number.
 * `startedAt` is opaque: equal for the same process, different for another.
 */
export interface ProcessIdentity {
  pid: number;
  startedAt: string;
}

/** Undefined when no such process runs (one that has ended but was not reaped counts as ended). */
export function identify(pid: number): ProcessIdentity | undefined {
  const startedAt = existsSync('/proc/self/stat') ? startFromProc(pid) : startFromPs(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

export function isRunning({ pid, startedAt }: ProcessIdentity): boolean {
  return identify(pid)?.startedAt === startedAt;
}

/**
 * Ends a process with each signal in turn until it is gone, giving it `patienceMs` after each.
 * `group` signals the whole process group that it leads. Safe to call when it has ended already.
 */
export async function endProcess(
  process_: ProcessIdentity,
  { signals, patienceMs, group = false }: EndOptions,
): Promise<void> {
  for (const signal of signals) {
    if (!isRunning(process_)) return;
    sendSignal(group ? -process_.pid : process_.pid, signal);
    if (await poll(() => !isRunning(process_), { withinMs: patienceMs, everyMs: 20 })) return;
  }
  throw new Error(`Process ${process_.pid} does not end, not even by ${signals.at(-1)}.`);
}

export interface EndOptions {
  signals: NodeJS.Signals[];
  patienceMs: number;
  group?: boolean;
}

function sendSignal(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Field 22 of /proc/<pid>/stat, with the boot it counts from. */
function startFromProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets and may hold anything, brackets too.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // The first thread of a killed process may be gone while others still hold its files and ports.
    const hasEnded = (fields[0] === 'Z' || fields[0] === 'X') && threadsOf(pid) <= 1;
    if (hasEnded) return undefined;
    return `${bootId()}-${fields[19]}`;
  } catch {
    return undefined;
  }
}

function threadsOf(pid: number): number {
  return readdirSync(`/proc/${pid}/task`).length;
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

function startFromPs(pid: number): string | undefined {
  try {
    const answer = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)])
      .toString()
      .trim();
    return answer === '' || answer.startsWith('Z') ? undefined : answer.replace(/^\S+\s+/, '');
  } catch {
    return undefined;
  }
}
