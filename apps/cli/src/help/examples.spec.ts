import { buildProgram, everyCommand } from '../program.js';
import { listExamples } from './describe.js';
import { PassThrough } from 'node:stream';

const id = '01980000-0000-7000-8000-000000000001';

describe('every example of the help', () => {
  const examples = everyCommand(silentProgram()).flatMap((command) =>
    listExamples(command).map((example) => example.command),
  );

  it('is there, for every command that does something', () => {
    const acts = everyCommand(silentProgram()).filter(({ commands }) => commands.length === 0);

    expect(acts.filter((command) => listExamples(command).length === 0)).toEqual([]);
  });

  it.each(examples)('is understood: offload %s', async (line) => {
    const run: string[] = [];
    const program = silentProgram((name) => run.push(name));

    await program.parseAsync(wordsOf(line), { from: 'user' });

    expect(run).toHaveLength(1);
  });
});

/** The program with acts that do nothing. */
function silentProgram(onAct: (name: string) => void = () => undefined) {
  const silence = new PassThrough();
  const program = buildProgram({
    env: {},
    stdin: silence,
    stdout: silence,
    stderr: silence,
    signal: new AbortController().signal,
    now: () => new Date(),
  });
  for (const command of everyCommand(program)) {
    if (command.commands.length === 0) command.action(() => onAct(command.name()));
  }
  return program;
}

/** As a shell reads it, up to a pipe or a redirection. */
function wordsOf(line: string): string[] {
  const [own = ''] = line.split(/ [|<>] /);
  const words = own.match(/'[^']*'|\S+/g) ?? [];
  return words.map((word) => word.replaceAll("'", '').replace(/^(ID|GROUP)$/, id));
}
