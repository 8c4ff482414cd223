import { createHash, type Hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRepository } from './repository.mts';
import { mustRun } from './run-program.mts';
import { say } from './say.mts';
import { entryOf, SERVICES } from './services.mts';

const SOURCES = ['apps', 'libs'];
const SETTINGS = ['nest-cli.json', 'tsconfig.json', 'package-lock.json'];

/**
 * Compiles apps and libs into dist/ in one pass, unless they are what dist/ was made from.
 * Types are not checked here: that is `npm run build` and `npm run check`.
 */
export async function ensureBuilt(): Promise<void> {
  const hash = sourceHash();
  if (stampOf() === hash && SERVICES.every((service) => existsSync(entryOf(service)))) return;
  const startedAt = Date.now();
  rmSync(stampFile(), { force: true });
  await mustRun('nest', ['build', 'gateway'], { cwd: inRepository() });
  removeOlder(inRepository('dist'), startedAt);
  writeFileSync(stampFile(), hash);
  say(`Built in ${((Date.now() - startedAt) / 1000).toFixed(1)} s.`);
}

/**
 * What the compiler did not write belongs to sources that are gone. Removing it afterwards, not
 * before, leaves running services their files.
 */
function removeOlder(folder: string, startedAt: number): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) removeOlder(path, startedAt);
    else if (statSync(path).mtimeMs < startedAt - 1000) rmSync(path);
  }
}

function sourceHash(): string {
  const hash = createHash('sha256');
  for (const folder of SOURCES) addFolder(hash, inRepository(folder));
  for (const file of SETTINGS) addFile(hash, inRepository(file));
  return hash.digest('hex');
}

function addFolder(hash: Hash, folder: string): void {
  const entries = readdirSync(folder, { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) addFolder(hash, path);
    else addFile(hash, path);
  }
}

function addFile(hash: Hash, file: string): void {
  hash.update(file).update('\0').update(readFileSync(file)).update('\0');
}

function stampOf(): string | undefined {
  return existsSync(stampFile()) ? readFileSync(stampFile(), 'utf8') : undefined;
}

function stampFile(): string {
  return inRepository('dist/.offload-sources');
}
