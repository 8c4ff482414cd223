import { PassThrough } from 'node:stream';
import type { Argument, Command, Option } from 'commander';
import { exitCodeMeanings, exitCodes } from '../exit-codes.js';
import { buildProgram, everyCommand } from '../program.js';
import type { World } from '../terminal/terminal.js';
import { listExamples } from './describe.js';

/** The reference of the command line, in Markdown; the same program gives the same text. */
export function commandLinePage(): string {
  const program = buildProgram(nowhere());
  const acts = everyCommand(program).filter(({ commands }) => commands.length === 0);
  return [
    '# Command line',
    'Generated from the program by `npm run generate`. Do not edit.',
    'In the repository, after `npm run build`: `npx offload <command>`.',
    '## Before and after every command',
    optionTable(program.options),
    '## Exit codes',
    exitCodeTable(),
    ...acts.flatMap(commandSection),
  ].join('\n\n');
}

function commandSection(command: Command): string[] {
  const fullName = nameOf(command);
  const examples = listExamples(command).map(
    ({ command: line, does }) => `# ${does}\noffload ${line}`,
  );
  const argumentLines = command.registeredArguments.map(argumentLine);
  return [
    `## ${fullName}`,
    command.description(),
    ...(argumentLines.length > 0 ? [argumentLines.join('\n')] : []),
    ...(command.options.length > 0 ? [optionTable(command.options)] : []),
    ...(examples.length > 0 ? [`\`\`\`sh\n${examples.join('\n\n')}\n\`\`\``] : []),
  ];
}

function argumentLine(argument: Argument): string {
  const { required, variadic, description, argChoices } = argument;
  const name = `${argument.name()}${variadic ? '…' : ''}`;
  const choices = argChoices ? ` (${argChoices.join(', ')})` : '';
  return `- \`${required ? `<${name}>` : `[${name}]`}\`: ${description}${choices}`;
}

function nameOf(command: Command): string {
  return command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();
}

function optionTable(options: readonly Option[]): string {
  const rows = options.map((option) => `| \`${option.flags}\` | ${escape(meaningOf(option))} |`);
  return ['| option | meaning |', '| --- | --- |', ...rows].join('\n');
}

function meaningOf({ description, argChoices, defaultValue, mandatory }: Option): string {
  const isSaid = defaultValue === undefined || typeof defaultValue === 'boolean';
  return [
    mandatory ? '**required**: ' : '',
    description,
    argChoices ? `: ${argChoices.join(', ')}` : '',
    isSaid ? '' : ` (default: ${String(defaultValue)})`,
  ].join('');
}

function exitCodeTable(): string {
  const rows = Object.entries(exitCodes).map(
    ([name, code]) => `| ${code} | ${escape(exitCodeMeanings[name as keyof typeof exitCodes])} |`,
  );
  return ['| code | meaning |', '| --- | --- |', ...rows].join('\n');
}

function escape(text: string): string {
  return text.replaceAll('|', String.raw`\|`).replaceAll('<', String.raw`\<`);
}

/** Nothing runs, so there is nothing to read from or to write to. */
function nowhere(): World {
  const stdout = new PassThrough();
  return {
    env: {},
    stdin: new PassThrough(),
    stdout,
    stderr: stdout,
    signal: new AbortController().signal,
    now: () => new Date(),
  };
}
