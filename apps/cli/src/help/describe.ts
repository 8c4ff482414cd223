import { Command } from 'commander';

export interface Example {
  /** Without the name of the program. */
  command: string;
  /** What it is good for. */
  does: string;
}

const examplesOf = new WeakMap<Command, readonly Example[]>();

/** A command with what its help says: one sentence, and examples. */
export function describedCommand(
  name: string,
  summary: string,
  examples: readonly Example[] = [],
): Command {
  const command = new Command(name).description(summary);
  examplesOf.set(command, examples);
  if (examples.length > 0) command.addHelpText('after', () => `\n${examplesText(examples)}`);
  return command;
}

/** For the reference page. */
export function listExamples(command: Command): readonly Example[] {
  return examplesOf.get(command) ?? [];
}

function examplesText(examples: readonly Example[]): string {
  const lines = examples.map(({ command, does }) => `  # ${does}\n  offload ${command}`);
  return `Examples:\n${lines.join('\n\n')}`;
}
