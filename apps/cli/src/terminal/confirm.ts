import { Stopped, UsageError } from '../exit-codes.js';
import type { Terminal } from './terminal.js';

/**
 * Lets a person confirm what touches so many things: `y` for one, the count itself for more, because
 * a count that was typed was read. The answer may also be piped in. Throws Stopped for anything else.
 *
 * `question` is whole, as "Discard 12 dead letters?".
 */
export async function confirm(terminal: Terminal, question: string, count: number): Promise<void> {
  const isMany = count > 1;
  const prompt = isMany ? `${question} Type ${count} to go on: ` : `${question} [y/N] `;
  const answer = await terminal.ask(prompt);
  if (answer === undefined) {
    throw new Stopped(
      'Nothing was confirmed, so nothing was done. (--yes goes on without asking.)',
    );
  }
  const isYes = isMany
    ? answer.replaceAll(/[,.'\s_]/g, '') === String(count)
    : /^y(es)?$/i.test(answer);
  if (!isYes) throw new Stopped('Not confirmed; nothing was done.');
}

/**
 * The text of an option that must be there: as given, or asked for on a terminal. Throws UsageError
 * when nobody can be asked, Stopped when nothing is said.
 */
export async function required(
  terminal: Terminal,
  given: string | undefined,
  { option, question }: { option: string; question: string },
): Promise<string> {
  if (given !== undefined && given.trim() !== '') return given;
  needsPerson(terminal, option);
  const answer = await terminal.ask(question);
  if (!answer) throw new Stopped(`Without ${option} nothing is done.`);
  return answer;
}

/** Throws UsageError unless somebody can be asked for what is missing. */
export function needsPerson(terminal: Terminal, option: string): void {
  if (terminal.isInteractive) return;
  throw new UsageError(`${option} is required: it is kept in the audit for whoever looks later.`);
}
