import type { Command } from 'commander';
import { Option } from 'commander';
import { describedCommand } from '../help/describe.js';
import { addListOptions, type ListOptions } from '../options/list-options.js';
import type { Start } from '../session.js';
import { type ChangeOptions, createDataset, dropDataset, extendDataset } from './change-dataset.js';
import { exportDataset, type ExportOptions } from './export-dataset.js';
import { type Selection, showRows } from './show-rows.js';
import { listDatasets, showDataset } from './show-datasets.js';

/** 'offload datasets …' */
export function datasetsCommand(start: Start): Command {
  return describedCommand('datasets', 'Typed tables that imports fill and SQL reads.')
    .addCommand(listCommand(start))
    .addCommand(showCommand(start))
    .addCommand(createCommand(start))
    .addCommand(extendCommand(start))
    .addCommand(dropCommand(start))
    .addCommand(rowsCommand(start))
    .addCommand(exportCommand(start));
}

function listCommand(start: Start): Command {
  const command = describedCommand('list', 'List datasets by name.', [
    { command: 'datasets list', does: 'What there is, and how many rows' },
  ]);
  return addListOptions(command).action(() =>
    listDatasets(start(command), command.opts<ListOptions>()),
  );
}

function showCommand(start: Start): Command {
  const command = describedCommand('show', 'Show a dataset, its columns and their rules.', [
    { command: 'datasets show customers', does: 'Types, rules, keys and state' },
  ]).argument('<name>', 'of the dataset');
  return command.action((name: string) => showDataset(start(command), name));
}

function createCommand(start: Start): Command {
  const command = describedCommand('create', 'Create an empty dataset.', [
    {
      command: 'datasets create customers id:bigint! email:text born:date --key id',
      does: 'With a column that must not be empty, and a key',
    },
    {
      command: 'datasets create customers --columns columns.json',
      does: 'With rules, from a file',
    },
  ]).argument('<name>', 'of the dataset');
  addChangeOptions(command);
  return command.action((name: string, columns: string[]) =>
    createDataset(start(command), name, columns, command.opts<ChangeOptions>()),
  );
}

function extendCommand(start: Start): Command {
  const command = describedCommand('extend', 'Add columns and keys to a dataset.', [
    { command: 'datasets extend customers phone:text', does: 'One column more' },
    { command: 'datasets extend customers --key email,country', does: 'Two columns as a key' },
  ]).argument('<name>', 'of the dataset');
  addChangeOptions(command);
  return command.action((name: string, columns: string[]) =>
    extendDataset(start(command), name, columns, command.opts<ChangeOptions>()),
  );
}

function dropCommand(start: Start): Command {
  const command = describedCommand('drop', 'Drop a dataset with all its rows.', [
    { command: 'datasets drop customers', does: 'Asks for the number of rows first' },
  ])
    .argument('<name>', 'of the dataset')
    .option('-y, --yes', 'without asking');
  return command.action((name: string) =>
    dropDataset(start(command), name, command.opts<{ yes?: boolean }>()),
  );
}

function rowsCommand(start: Start): Command {
  const command = describedCommand('rows', 'List rows: filtered, sorted, some columns.', [
    {
      command:
        "datasets rows customers --where 'age:gte:18' --where 'name:ilike:*ada*' --sort -age",
      does: 'Conditions that must all hold, the oldest first',
    },
    { command: 'datasets rows customers --where _import_id:eq:ID', does: 'Those of one import' },
  ]).argument('<name>', 'of the dataset');
  addSelectionOptions(addListOptions(command));
  return command.action((name: string) =>
    showRows(start(command), name, command.opts<ListOptions & Selection>()),
  );
}

function exportCommand(start: Start): Command {
  const command = describedCommand('export', 'Write all rows as CSV or JSON lines.', [
    { command: 'datasets export customers -o customers.csv', does: 'Can be imported again' },
    {
      command: 'datasets export customers --escape-formulas --bom -o for-excel.csv',
      does: 'For a person with a spreadsheet',
    },
    {
      command: 'datasets export customers --format ndjson | jq .email',
      does: 'For a program',
    },
  ])
    .argument('<name>', 'of the dataset')
    .addOption(
      new Option('-f, --format <format>', 'of the file').choices(['csv', 'ndjson']).default('csv'),
    )
    .option('-o, --output <file>', 'where to; standard output when left out')
    .option('--escape-formulas', 'an apostrophe before texts that a spreadsheet would run')
    .option('--bom', 'begin with a byte order mark, for Excel')
    .option('--null <word>', 'written where there is no value');
  addSelectionOptions(command);
  return command.action((name: string) =>
    exportDataset(start(command), name, command.opts<ExportOptions>()),
  );
}

function addChangeOptions(command: Command): void {
  command
    .argument('[columns...]', 'as name:type, with ! behind it for one that must not be empty')
    .option('-c, --columns <file>', 'columns with rules as JSON; - reads standard input')
    .option('-k, --key <columns>', 'that are different in every row; may be repeated', collect);
}

function addSelectionOptions(command: Command): void {
  command
    .option('-w, --where <condition>', 'as age:gte:18; may be repeated, and all must hold', collect)
    .option('-s, --sort <columns>', 'as country,-age, where - is for descending')
    .option('--fields <columns>', 'the columns to show, separated by commas');
}

function collect(text: string, earlier: string[] = []): string[] {
  return [...earlier, text];
}
