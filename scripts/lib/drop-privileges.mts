import { spawnSync } from 'node:child_process';

/** The user that servers run as. */
export interface ServerUser {
  name: string;
  uid: number;
  gid: number;
}

/**
 * PostgreSQL refuses to run as root, and nothing here needs to: servers started by root run as an
 * unprivileged user that owns nothing else. Undefined for an ordinary user, whose servers run as
 * that user. Throws when root finds no such user.
 */
export function serverUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const user = lookUp('nobody') ?? lookUp('postgres');
  if (user) return user;
  throw new Error('As root, a user "nobody" or "postgres" is needed to run the servers. Add one.');
}

/** Options for `spawn` that run a program as that user, without any other group. */
export function asUser(user: ServerUser | undefined): { uid?: number; gid?: number } {
  return user ? { uid: user.uid, gid: user.gid } : {};
}

/** Whether that user can run a program, or enter a folder; asked of the system, not guessed. */
export function canUse(user: ServerUser | undefined, path: string): boolean {
  return (
    spawnSync('test', ['-x', path], { ...asUser(user), stdio: 'ignore', cwd: '/' }).status === 0
  );
}

function lookUp(name: string): ServerUser | undefined {
  const uid = numberFrom('id', ['-u', name]);
  const gid = numberFrom('id', ['-g', name]);
  return uid && gid ? { name, uid, gid } : undefined;
}

function numberFrom(command: string, args: string[]): number | undefined {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? Number(stdout) : undefined;
}
