import type { CreateImportRequest } from '@offload/contracts/http';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { existsSync } from 'node:fs';
import { UsageError } from '../exit-codes.js';
import type { Terminal } from '../terminal/terminal.js';
import {
  type KeyValues,
  keyValues,
  word,
  wordLists,
  wordOrNone,
  words,
  yesOrNo,
} from './key-values.js';
import { isUuid, wholeNumber } from './parse-number.js';
import { readJsonFile } from './read-file.js';

/** How a file is written, by the names of the API. */
export const sourceReaders = {
  format: word,
  packing: word,
  entry: word,
  encoding: word,
  delimiter: word,
  quote: wordOrNone,
  escape: wordOrNone,
  newline: word,
  header: yesOrNo,
  skip: wholeNumber(0),
  footer: wholeNumber(0),
  sheet: (text: string) => (/^\d+$/.test(text) ? Number(text) : word(text)),
};

/** How values are written, by the names of the API. */
export const valueReaders = {
  nulls: words,
  decimal: word,
  thousands: (text: string) => text || ' ',
  dates: word,
  trues: words,
  falses: words,
  trim: yesOrNo,
};

type RejectLimit = NonNullable<CreateImportRequest['reject_limit']>;

export interface WishOptions {
  mode?: NonNullable<CreateImportRequest['mode']>;
  key?: string[];
  onConflict?: NonNullable<CreateImportRequest['on_conflict']>;
  onError?: NonNullable<CreateImportRequest['on_error']>;
  rejectLimit?: RejectLimit;
  dryRun?: boolean;
  hold?: boolean;
  mapping?: string;
  columns?: string;
  unique?: string[][];
  source?: KeyValues;
  values?: KeyValues;
}

/** What an import is asked to do; what is left out is the API's to detect or to choose. */
export function addWishOptions(command: Command): Command {
  const source = Object.keys(sourceReaders).join(', ');
  const values = Object.keys(valueReaders).join(', ');
  return command
    .addOption(
      new Option('-m, --mode <mode>', 'what to do with the rows').choices([
        'append',
        'upsert',
        'replace',
      ]),
    )
    .option('-k, --key <columns>', 'of an upsert, with commas between them', words)
    .addOption(
      new Option('--on-conflict <what>', 'what an upsert does with a row that is there').choices([
        'update',
        'skip',
        'error',
      ]),
    )
    .addOption(
      new Option('--on-error <what>', 'keep rejected rows for later, or fail at the first').choices(
        ['quarantine', 'abort'],
      ),
    )
    .option(
      '--reject-limit <limit>',
      'fail with more rejected rows: 100, 5% or 100,5%',
      rejectLimit,
    )
    .option('--dry-run', 'do everything but store')
    .option('--hold', 'set the rows aside until somebody confirms')
    .option('--mapping <file>', 'which column goes where, as JSON; or the id of a saved mapping')
    .option('-c, --columns <file>', 'names and types as JSON; - reads standard input')
    .option('--unique <columns>', 'a key of a dataset that is made; may be repeated', wordLists)
    .option(
      '-s, --source <name=value>',
      `how the file is written; may be repeated: ${source}`,
      keyValues(sourceReaders),
    )
    .option(
      '--values <name=value>',
      `how values are written; may be repeated: ${values}`,
      keyValues(valueReaders),
    );
}

/** The same as the API takes it. Throws UsageError. */
export async function wishesOf(
  options: WishOptions,
  dataset: string,
  terminal: Terminal,
): Promise<Omit<CreateImportRequest, 'upload_id'>> {
  const { mode, key, onConflict, onError, rejectLimit: limit, dryRun, hold } = options;
  const { mapping, columns, unique, source, values } = options;
  return {
    dataset: {
      name: dataset,
      ...(columns !== undefined && { columns: await columnsIn(columns, terminal) }),
      ...(unique && { keys: unique }),
    },
    ...(source && { source }),
    ...(values && { values }),
    ...(mapping !== undefined && (await mappingIn(mapping, terminal))),
    ...(mode && { mode }),
    ...(key && { key }),
    ...(onConflict && { on_conflict: onConflict }),
    ...(onError && { on_error: onError }),
    ...(limit && { reject_limit: limit }),
    ...(dryRun && { dry_run: true }),
    ...(hold && { hold_for_review: true }),
  };
}

/** What a column or a mapping must have is the API's to say. */
async function columnsIn(
  path: string,
  terminal: Terminal,
): Promise<NonNullable<CreateImportRequest['dataset']['columns']>> {
  const columns = await readJsonFile(path, terminal);
  if (Array.isArray(columns))
    return columns as NonNullable<CreateImportRequest['dataset']['columns']>;
  throw new UsageError(
    `${path} is not a list of columns: [{"name":"id","type":"bigint","nullable":false}, …]`,
  );
}

async function mappingIn(
  given: string,
  terminal: Terminal,
): Promise<Pick<CreateImportRequest, 'mapping' | 'mapping_id'>> {
  if (isUuid(given) && !existsSync(given)) return { mapping_id: given };
  const mapping = await readJsonFile(given, terminal);
  const columns = Array.isArray(mapping) ? mapping : (mapping as { columns?: unknown })?.columns;
  if (!Array.isArray(columns)) {
    throw new UsageError(
      `${given} is not a mapping: {"columns":[{"to":"id","from":"Customer No"}, …],"others":"match"}`,
    );
  }
  const whole = Array.isArray(mapping) ? { columns } : mapping;
  return { mapping: whole as NonNullable<CreateImportRequest['mapping']> };
}

/** `100`, `5%`, or both. Throws InvalidArgumentError. */
function rejectLimit(text: string): RejectLimit {
  const limit: { rows?: number; percent?: number } = {};
  for (const part of words(text)) {
    const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(part)?.[1];
    if (percent !== undefined) limit.percent = Number(percent);
    else if (/^\d+$/.test(part)) limit.rows = Number(part);
    else
      throw new InvalidArgumentError('Give a number of rows, a share, or both: 100, 5%, 100,5%.');
  }
  return limit;
}
