import { accessSync, constants, readdirSync, realpathSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The real path of a program on PATH, with links resolved, or undefined. */
export function findProgram(name: string): string | undefined {
  return findIn((process.env['PATH'] ?? '').split(delimiter), name);
}

/** The real path of a program in the first of these folders that has it, or undefined. */
export function findIn(folders: string[], name: string): string | undefined {
  const file = folders
    .filter(Boolean)
    .map((folder) => join(folder, name))
    .find(isExecutable);
  return file && realpathSync(file);
}

/** `<parent>/<any>/<rest>` for every folder in `parent`, highest name first; none if it is missing. */
export function versionFolders(parent: string, rest: string): string[] {
  try {
    const names = readdirSync(parent);
    names.sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
    return names.map((name) => join(parent, name, rest));
  } catch {
    return [];
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
