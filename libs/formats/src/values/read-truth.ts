import type { ValueOptions } from '@offload/contracts';
import type { Converter } from './value-reader.js';

/**
 * Reads words for true and false, whatever their case. Words that are not told are left to PostgreSQL, which
 * knows `true`, `yes`, `on`, `1` and their opposites; told ones go first, so that `0` may mean true.
 */
export function truthConverter({ trues = [], falses = [] }: ValueOptions): Converter | undefined {
  if (trues.length === 0 && falses.length === 0) return undefined;
  const words = new Map<string, string>();
  for (const word of trues) words.set(word.trim().toLowerCase(), 'true');
  for (const word of falses) words.set(word.trim().toLowerCase(), 'false');
  return (text) => words.get(text) ?? words.get(text.trim().toLowerCase()) ?? text;
}
