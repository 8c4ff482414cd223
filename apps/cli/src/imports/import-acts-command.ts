import type { Command } from 'commander';
import { describedCommand } from '../help/describe.js';
import { addListOptions, type ListOptions } from '../options/list-options.js';
import { uuid } from '../options/parse-number.js';
import type { Start } from '../session.js';
import { type ActOptions, cancelImport, fixImport, goOn, revertImport } from './act-on-import.js';
import { type ErrorsOptions, showErrors, showKeptRows } from './show-errors.js';

/** What can be done with an import that was accepted. */
export function importActsCommands(start: Start): Command[] {
  return [
    goOnCommand(start, 'confirm', 'Let the rows of an import that waits for review in.'),
    cancelCommand(start),
    goOnCommand(start, 'retry', 'Go on with an import that failed, was canceled or is stuck.'),
    fixCommand(start),
    revertCommand(start),
    errorsCommand(start),
    keptRowsCommand(start),
  ];
}

function goOnCommand(start: Start, action: 'confirm' | 'retry', summary: string): Command {
  const command = actCommand(action, summary, `imports ${action} ID --watch`, 'Follow it');
  return command.action((id: string) =>
    goOn(start(command), id, { ...command.opts<ActOptions>(), action }),
  );
}

function cancelCommand(start: Start): Command {
  const command = actCommand(
    'cancel',
    'Stop an import; the rows it has stored are removed.',
    'imports cancel ID --keep-rows',
    'Keep what it has stored; a retry goes on from there',
  )
    .option('--keep-rows', 'leave the rows that are stored')
    .option('-y, --yes', 'without asking');
  return command.action((id: string) =>
    cancelImport(start(command), id, command.opts<ActOptions & { keepRows?: boolean }>()),
  );
}

function fixCommand(start: Start): Command {
  const command = actCommand(
    'fix',
    'Load rejected rows that were corrected.',
    'imports fix ID errors.csv --watch',
    'Send the corrected list',
  ).argument('<file>', 'the list of `imports errors --csv`, corrected');
  return command.action((id: string, file: string) =>
    fixImport(start(command), id, { ...command.opts<ActOptions>(), file }),
  );
}

function revertCommand(start: Start): Command {
  const command = actCommand(
    'revert',
    'Undo an import, after showing what that does.',
    'imports revert ID --dry-run',
    'Only show it',
  )
    .option('--dry-run', 'only show what it would do')
    .option('-y, --yes', 'without asking');
  return command.action((id: string) =>
    revertImport(start(command), id, command.opts<ActOptions & { dryRun?: boolean }>()),
  );
}

function errorsCommand(start: Start): Command {
  const command = describedCommand('errors', 'List the rejected rows of an import, with reasons.', [
    { command: 'imports errors ID --column signed_up', does: 'Those with a fault there' },
    { command: 'imports errors ID --csv > errors.csv', does: 'As a file, to be corrected' },
  ])
    .argument('<id>', 'of the import', uuid)
    .option('--code <code>', 'with this code')
    .option('--column <name>', 'with a fault in this column')
    .option('--csv', 'all of them, in the columns of the file')
    .option('-o, --output <file>', 'write the CSV to a file')
    .option('--escape-formulas', 'for a spreadsheet; not to be sent back');
  return addListOptions(command).action((id: string) =>
    showErrors(start(command), id, command.opts<ErrorsOptions>()),
  );
}

function keptRowsCommand(start: Start): Command {
  const command = describedCommand('kept-rows', 'List what a revert has left, and why.', [
    { command: 'imports kept-rows ID', does: 'By the _id of the rows' },
  ]).argument('<id>', 'of the import', uuid);
  return addListOptions(command).action((id: string) =>
    showKeptRows(start(command), id, command.opts<ListOptions>()),
  );
}

function actCommand(name: string, summary: string, example: string, does: string): Command {
  return describedCommand(name, summary, [{ command: example, does }])
    .argument('<id>', 'of the import', uuid)
    .option('-w, --watch', 'follow it to its end');
}
