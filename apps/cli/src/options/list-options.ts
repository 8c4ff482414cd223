import type { List } from '@offload/contracts/http';
import type { Command } from 'commander';
import type { Terminal } from '../terminal/terminal.js';
import { wholeNumber } from './parse-number.js';

export interface ListOptions {
  limit: number;
  after?: string;
}

export function addListOptions(command: Command): Command {
  return command
    .option(
      '-n, --limit <n>',
      'so many at most, over as many pages as it takes',
      wholeNumber(1),
      20,
    )
    .option('--after <cursor>', 'go on where the list before ended');
}

/** Says that there is more, and how to get it. */
export function noteMore(terminal: Terminal, { data, next_cursor: next }: List<unknown>): void {
  if (next === null) return;
  terminal.note(
    `\nThere are more than ${data.length}: --limit takes more, --after ${next} goes on.`,
  );
}
