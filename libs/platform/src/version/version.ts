import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The version of Offload that this process runs, as package.json has it; read once, at start. */
export const version: string = versionAbove(__dirname);

/** The sources and what they compile to lie at different depths below package.json. */
function versionAbove(folder: string): string {
  const file = join(folder, 'package.json');
  if (existsSync(file)) {
    const contents: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (isOurs(contents)) return contents.version;
  }
  const parent = dirname(folder);
  return parent === folder ? 'unknown' : versionAbove(parent);
}

function isOurs(contents: unknown): contents is { version: string } {
  return (
    typeof contents === 'object' &&
    contents !== null &&
    'name' in contents &&
    contents.name === 'offload' &&
    'version' in contents &&
    typeof contents.version === 'string'
  );
}
