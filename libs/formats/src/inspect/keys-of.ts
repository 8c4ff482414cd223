import { LF } from '../csv/dialect.js';

/**
 * The keys of all objects that stand on lines of their own, each once, in the order in which they first occur.
 * Lines that are no objects have none.
 */
export function keysOf(pieces: readonly Buffer[]): string[] {
  const keys = new Set<string>();
  for (const piece of pieces) {
    for (let from = 0; from < piece.length;) {
      const found = piece.indexOf(LF, from);
      const to = found === -1 ? piece.length : found;
      for (const key of objectKeys(piece.toString('utf8', from, to))) keys.add(key);
      from = to + 1;
    }
  }
  return [...keys];
}

function objectKeys(line: string): string[] {
  if (!line.trimStart().startsWith('{')) return [];
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? Object.keys(value) : [];
  } catch {
    return [];
  }
}
