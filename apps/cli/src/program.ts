import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { auditCommand } from './audit/audit-command.js';
import { datasetsCommand } from './datasets/datasets-command.js';
import { deadLettersCommand } from './dead-letters/dead-letters-command.js';
import { emailsCommand } from './emails/emails-command.js';
import { exitCodeMeanings, exitCodes } from './exit-codes.js';
import { describedCommand } from './help/describe.js';
import { importCommand, importsCommand, uploadCommand } from './imports/imports-command.js';
import { inspectCommand } from './inspect/inspect-command.js';
import { monitorCommand } from './monitor/monitor-command.js';
import { replaysCommand } from './replays/replays-command.js';
import { startIn } from './session.js';
import { defaultUrl } from './settings.js';
import { type World, widthOf } from './terminal/terminal.js';

/** The whole program as data: what it understands, and what each command does in this world. */
export function buildProgram(world: World): Command {
  const start = startIn(world);
  const around = { start, now: world.now };
  const program = describedCommand('offload', 'The command line of Offload.', [
    { command: 'import customers.csv --dataset customers --watch', does: 'Load a file' },
    { command: 'dead-letters groups', does: 'What the system has given up on' },
    { command: 'monitor findings', does: 'What is wrong right now' },
  ])
    .usage('<command> [options]')
    .version(versionText(), '-V, --version', 'say which version this is')
    .option('--url <address>', `of the gateway (default: OFFLOAD_URL, else ${defaultUrl})`)
    .option('--api-key-file <file>', 'that holds the API key (default: OFFLOAD_API_KEY)')
    .option('--json', 'print what the API answers, for programs')
    .option('-q, --quiet', 'print results and errors only')
    .option('--no-color', 'without colours, as with NO_COLOR')
    .addCommand(uploadCommand(start))
    .addCommand(inspectCommand(start))
    .addCommand(importCommand(start))
    .addCommand(importsCommand(start))
    .addCommand(datasetsCommand(start))
    .addCommand(emailsCommand(start))
    .addCommand(deadLettersCommand(around))
    .addCommand(replaysCommand(start))
    .addCommand(auditCommand(around))
    .addCommand(monitorCommand(start))
    .addHelpText('after', () => `\nExit codes:\n${exitCodeLines()}`);
  everyCommand(program).forEach((command) => behave(command, world));
  return program;
}

/** The program and all commands in it, each before its own. */
export function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}

/** What commander does not inherit to commands that are added whole. */
function behave(command: Command, world: World): void {
  command
    .exitOverride()
    .helpCommand(false)
    .helpOption('-h, --help', 'explain this command')
    .showHelpAfterError(`(offload ${pathOf(command)}--help explains it)`)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => world.stdout.write(text),
      writeErr: (text) => world.stderr.write(text),
      getOutHelpWidth: () => Math.min(100, widthOf(world.stdout)),
      getErrHelpWidth: () => Math.min(100, widthOf(world.stderr)),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
}

/** `dead-letters list `, without the name of the program. */
function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)}${command.name()} ` : '';
}

function exitCodeLines(): string {
  return Object.entries(exitCodes)
    .map(([name, code]) => `  ${code}  ${exitCodeMeanings[name as keyof typeof exitCodes]}`)
    .join('\n');
}

/** That of the repository: dist/ mirrors it, so the package is as far above in both. */
function versionText(): string {
  const candidates = ['../../../package.json', '../../../../package.json'];
  for (const candidate of candidates) {
    try {
      const text = readFileSync(join(__dirname, candidate), 'utf8');
      return (JSON.parse(text) as { version: string }).version;
    } catch {
      continue;
    }
  }
  return 'unknown';
}
