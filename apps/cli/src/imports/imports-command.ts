import type { ImportState } from '@offload/contracts/http';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { describedCommand } from '../help/describe.js';
import { addListOptions } from '../options/list-options.js';
import { uuid } from '../options/parse-number.js';
import { addWishOptions } from '../options/wish-options.js';
import type { Start } from '../session.js';
import { importActsCommands } from './import-acts-command.js';
import { listImports, type ListImportsOptions, showImport } from './show-imports.js';
import { type ImportOptions, startImport } from './start-import.js';
import { upload, type UploadOptions } from './upload-file.js';

export const importStates = [
  'queued',
  'loading',
  'awaiting_review',
  'finalizing',
  'canceling',
  'canceled',
  'reverting',
  'reverted',
  'interrupted',
  'completed',
  'completed_with_errors',
  'failed',
] as const satisfies readonly ImportState[];

/** 'offload upload' */
export function uploadCommand(start: Start): Command {
  const command = describedCommand('upload', 'Send a file, to be imported later.', [
    { command: 'upload customers.csv', does: 'Prints the id of the upload' },
  ]).argument('<file>', 'to send');
  addUploadOptions(command);
  return command.action((path: string) =>
    upload(start(command), path, command.opts<UploadOptions>()),
  );
}

/** 'offload import' */
export function importCommand(start: Start): Command {
  const command = describedCommand('import', 'Load a file into a dataset, a typed table.', [
    { command: 'import customers.csv --dataset customers --watch', does: 'Send, load, follow' },
    {
      command:
        'import customers.csv --dataset customers --columns columns.json --notify me@example.org',
      does: 'With given types, and a mail at the end',
    },
    {
      command:
        "import kunden.csv -d customers --mode upsert --key id -s 'delimiter=;' -s encoding=windows-1252 --values decimal=, --values dates=dmy",
      does: 'A German export; rows with the same id are updated',
    },
    {
      command: 'import customers.csv -d customers --dry-run --watch',
      does: 'See what would be loaded and rejected',
    },
  ])
    .argument('<source>', 'a file, or the id of an upload')
    .requiredOption(
      '-d, --dataset <name>',
      'to load it into; made when it is not there',
      datasetName,
    )
    .option('--notify <mail>', 'whom to tell when it has ended')
    .option('--name <words>', 'of the import, for people')
    .option('-w, --watch', 'follow it to its end');
  addWishOptions(command);
  addUploadOptions(command);
  return command.action((source: string) =>
    startImport(start(command), source, command.opts<ImportOptions>()),
  );
}

/** 'offload imports …' */
export function importsCommand(start: Start): Command {
  const list = describedCommand('list', 'List imports, the newest first.', [
    { command: 'imports list --state failed', does: 'Those that have failed' },
    { command: 'imports list --dataset customers', does: 'What was loaded into a dataset' },
  ])
    .addOption(new Option('-s, --state <state>', 'in this state').choices(importStates))
    .option('-d, --dataset <name>', 'into this dataset', datasetName);
  addListOptions(list).action(() => listImports(start(list), list.opts<ListImportsOptions>()));
  const show = describedCommand('show', 'Show an import and how far it has come.', [
    {
      command: 'imports show ID --watch',
      does: 'Follow it to its end',
    },
  ])
    .argument('<id>', 'of the import', uuid)
    .option('-w, --watch', 'follow it to its end');
  show.action((id: string) => showImport(start(show), id, show.opts<{ watch?: boolean }>()));
  const imports = describedCommand('imports', 'Look at imports, and steer them.')
    .addCommand(list)
    .addCommand(show);
  for (const act of importActsCommands(start)) imports.addCommand(act);
  return imports;
}

function addUploadOptions(command: Command): void {
  command
    .option('--file-name <name>', 'what to call the file (default: its own name)')
    .option('--content-type <type>', 'what it is (default: by its ending)');
}

/** Checked here too, because a large file is sent before the API sees the name. */
function datasetName(text: string): string {
  if (/^[a-z][a-z0-9_]{0,62}$/.test(text)) return text;
  throw new InvalidArgumentError('Use lower-case letters, digits and _, starting with a letter.');
}
