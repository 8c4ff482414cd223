import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { UsageError } from '../exit-codes.js';
import type { Terminal } from '../terminal/terminal.js';

/** The text of a file, or of standard input for `-`. Throws UsageError. */
export async function readTextFile(path: string, { world }: Terminal): Promise<string> {
  if (path === '-') return text(world.stdin);
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`Cannot read ${path}: ${(error as Error).message}.`);
  }
}

/** The JSON in a file, or in standard input for `-`. Throws UsageError. */
export async function readJsonFile(path: string, terminal: Terminal): Promise<unknown> {
  const content = await readTextFile(path, terminal);
  try {
    return JSON.parse(content) as unknown;
  } catch (error) {
    const name = path === '-' ? 'Standard input' : path;
    throw new UsageError(`${name} is not JSON: ${(error as Error).message}.`);
  }
}
