import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

let found: string | undefined;

/**
 * The root of this repository: the nearest folder above the working directory whose package.json
 * is named "offload". Throws when there is none.
 */
export function repositoryRoot(): string {
  found ??= walkUp(process.cwd());
  return found;
}

/** An absolute path inside the repository. */
export function inRepository(...parts: string[]): string {
  return join(repositoryRoot(), ...parts);
}

function walkUp(folder: string): string {
  const manifest = join(folder, 'package.json');
  if (existsSync(manifest) && nameIn(manifest) === 'offload') return folder;
  if (dirname(folder) === folder) {
    throw new Error(`${process.cwd()} is not inside a checkout of Offload.`);
  }
  return walkUp(dirname(folder));
}

function nameIn(manifest: string): unknown {
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { name?: unknown }).name;
}
