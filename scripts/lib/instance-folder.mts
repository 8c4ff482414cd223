import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, lchownSync, lstatSync, mkdirSync, openSync } from 'node:fs';
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canUse, serverUser, type ServerUser } from './drop-privileges.mts';
import { inRepository, repositoryRoot } from './repository.mts';
import { say } from './say.mts';

/** A log that has grown beyond this many bytes starts again from nothing. */
const LOG_LIMIT = 8 * 1024 * 1024;

/**
 * Everything one named set of private servers owns: `.data/<name>/`.
 *
 * What belongs to us (secrets, records of processes, logs) is in `path`. What belongs to the servers
 * is in `serverPath`; that is the same folder, except where root runs the servers as a user that
 * cannot reach the checkout: then it is a folder of that user under /var/tmp.
 */
export class InstanceFolder {
  readonly user: ServerUser | undefined = serverUser();
  readonly path: string;
  readonly serverPath: string;
  readonly name: string;

  constructor(name: string) {
    this.name = name;
    this.path = inRepository('.data', name);
    for (const folder of [inRepository('.data'), this.path, join(this.path, 'logs')]) {
      mkdirSync(folder, { recursive: true });
      refuseForeign(folder);
      chmodSync(folder, 0o711);
    }
    this.serverPath = canUse(this.user, this.path) ? this.path : this.folderOutside();
  }

  /** A folder that the servers' user alone can read and write. */
  serverFolder(...parts: string[]): string {
    let folder = this.serverPath;
    for (const part of parts) {
      folder = join(folder, part);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      this.giveToServers(folder);
    }
    return folder;
  }

  /** A file for the servers' user alone (mode 0600). */
  writeServerFile(file: string, text: string): void {
    writePrivately(file, text);
    this.giveToServers(file);
  }

  /** A file for us alone (mode 0600). */
  writeOwnFile(file: string, text: string): void {
    writePrivately(file, text);
  }

  /** Makes a folder and everything in it the servers'. */
  giveTreeToServers(folder: string): void {
    this.giveToServers(folder);
    for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
      this.giveToServers(join(entry.parentPath, entry.name));
    }
  }

  /** Made at the first call and the same ever after (mode 0600). (Default: a random password) */
  secret(name: string, make: () => string = randomPassword): string {
    const file = join(this.path, `${name}.secret`);
    if (!existsSync(file)) writePrivately(file, make());
    return readFileSync(file, 'utf8');
  }

  /** Keeps facts that a later run needs in order to recognise what this one started. */
  remember(label: string, facts: object): void {
    writePrivately(this.recordOf(label), JSON.stringify(facts, null, 2));
  }

  recall<Facts extends object>(label: string): Partial<Facts> {
    try {
      return JSON.parse(readFileSync(this.recordOf(label), 'utf8')) as Partial<Facts>;
    } catch {
      return {};
    }
  }

  logFile(label: string): string {
    return join(this.path, 'logs', `${label}.log`);
  }

  /** A file descriptor to append to that log; the caller closes it. */
  openLog(label: string): number {
    const file = this.logFile(label);
    if (existsSync(file) && statSync(file).size > LOG_LIMIT) rmSync(file);
    return openSync(file, 'a', 0o600);
  }

  private recordOf(label: string): string {
    return join(this.path, `${label}.json`);
  }

  private giveToServers(path: string): void {
    if (this.user) lchownSync(path, this.user.uid, this.user.gid);
  }

  private folderOutside(): string {
    const base = join('/var/tmp', `offload-${checkoutHash()}`);
    mkdirSync(base, { recursive: true, mode: 0o700 });
    const { uid, mode } = lstatSync(base);
    // Anybody may write to /var/tmp: what somebody else put there is not ours to use.
    if ((uid !== 0 && uid !== this.user?.uid) || !lstatSync(base).isDirectory() || mode & 0o077) {
      throw new Error(`${base} belongs to somebody else. Remove it and start again.`);
    }
    this.giveToServers(base);
    const folder = join(base, this.name);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.giveToServers(folder);
    say(`User ${this.user?.name} cannot enter ${repositoryRoot()}; server data is in ${folder}.`);
    return folder;
  }
}

/** Tells this checkout apart from others on the machine. */
export function checkoutHash(): string {
  return createHash('sha256').update(repositoryRoot()).digest('hex').slice(0, 10);
}

function randomPassword(): string {
  return randomBytes(18).toString('base64url');
}

function refuseForeign(folder: string): void {
  const { uid } = statSync(folder);
  if (process.getuid && uid !== process.getuid()) {
    throw new Error(`${folder} was made by another user (${uid}). Remove it, or run as that user.`);
  }
}

/** Complete or not at all, and never readable by others. */
function writePrivately(file: string, text: string): void {
  const temporary = `${file}.${process.pid}`;
  rmSync(temporary, { force: true });
  writeFileSync(temporary, text, { mode: 0o600, flag: 'wx' });
  renameSync(temporary, file);
}
