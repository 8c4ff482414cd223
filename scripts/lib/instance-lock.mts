import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InstanceFolder } from './instance-folder.mts';
import { identify, isRunning, type ProcessIdentity } from './processes.mts';

/** How many sets of servers of one kind may run side by side. */
const MOST_AT_ONCE = 8;

/**
 * Takes a named instance for this process. Throws when another process that still runs has it; what
 * a killed one left behind is taken over.
 */
export function takeInstance(name: string): InstanceFolder {
  const folder = new InstanceFolder(name);
  const holder = lock(folder);
  if (!holder) return folder;
  throw new Error(`"${name}" is running already, as process ${holder.pid}. Stop that one first.`);
}

/** Takes the instance of that name or, where it is in use, `<name>-2`, `<name>-3` … */
export function takeAnyInstance(name: string): InstanceFolder {
  for (let place = 1; place <= MOST_AT_ONCE; place += 1) {
    const folder = new InstanceFolder(place === 1 ? name : `${name}-${place}`);
    if (!lock(folder)) return folder;
  }
  throw new Error(`${MOST_AT_ONCE} instances of "${name}" are running already.`);
}

export function releaseInstance(folder: InstanceFolder): void {
  if (holderOf(folder)?.pid === process.pid) rmSync(lockFile(folder), { force: true });
}

/** Undefined when the lock is ours; otherwise the process that has it. */
function lock(folder: InstanceFolder): ProcessIdentity | undefined {
  const mine = `${lockFile(folder)}.${process.pid}`;
  writeFileSync(mine, JSON.stringify(identify(process.pid)), { mode: 0o600 });
  try {
    for (;;) {
      // A link appears complete or not at all, and only for one of several that try.
      if (succeeded(() => linkSync(mine, lockFile(folder)))) return undefined;
      const holder = holderOf(folder);
      if (holder && isRunning(holder)) return holder;
      const stale = `${mine}.stale`;
      succeeded(() => renameSync(lockFile(folder), stale));
      rmSync(stale, { force: true });
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

function holderOf(folder: InstanceFolder): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(lockFile(folder), 'utf8')) as ProcessIdentity;
  } catch {
    return undefined;
  }
}

function lockFile(folder: InstanceFolder): string {
  return join(folder.path, 'lock');
}

function succeeded(act: () => void): boolean {
  try {
    act();
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' || code === 'ENOENT') return false;
    throw error;
  }
}
