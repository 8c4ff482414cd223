import { readFileSync, readdirSync } from 'node:fs';

/** Linux counts in hundredths of a second, whatever the kernel's own tick. */
const ticksPerSecond = 100;

/**
 * Processor seconds, user and system, that a process and all under it have used, those that have ended included. For a
 * difference between two moments. Throws when there is no such process.
 */
export function cpuSeconds(pid: number): number {
  if (!statOf(pid)) throw new Error(`There is no process ${pid} on this machine.`);
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    const parent = statOf(Number(name))?.parent;
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const sum = (of: number): number =>
    (children.get(of) ?? []).reduce((all, child) => all + sum(child), statOf(of)?.ticks ?? 0);
  return sum(pid) / ticksPerSecond;
}

/** The process that has started this one. */
export function parentOf(pid: number): number {
  const parent = statOf(pid)?.parent;
  if (parent === undefined) throw new Error(`There is no process ${pid} on this machine.`);
  return parent;
}

/** proc_pid_stat(5): fields 4 (ppid), 14 to 17 (utime, stime, cutime, cstime). */
function statOf(pid: number): { parent: number; ticks: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = fields.slice(11, 15).reduce((all, field) => all + Number(field), 0);
    return { parent: Number(fields[1]), ticks };
  } catch {
    // It ended meanwhile.
    return undefined;
  }
}
