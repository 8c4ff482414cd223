import type { Command } from 'commander';
import { describedCommand } from '../help/describe.js';
import { addFileOptions } from '../options/file-options.js';
import type { Start } from '../session.js';
import { type InspectOptions, inspectFile } from './inspect-file.js';

/** 'offload inspect' */
export function inspectCommand(start: Start): Command {
  const command = describedCommand('inspect', 'Look into a file before importing it.', [
    { command: 'inspect customers.csv', does: 'How it is written, its columns and their types' },
    {
      command: "inspect kunden.csv -s encoding=windows-1252 -s 'delimiter=;' --values dates=dmy",
      does: 'The same, with what is known of it',
    },
    { command: 'inspect ID --json | jq .import', does: 'The request that imports just that' },
  ])
    .argument('<source>', 'a file, or the id of an upload')
    .option('--file-name <name>', 'what to call the file (default: its own name)')
    .option('--content-type <type>', 'what it is (default: by its ending)');
  addFileOptions(command);
  return command.action((source: string) =>
    inspectFile(start(command), source, command.opts<InspectOptions>()),
  );
}
