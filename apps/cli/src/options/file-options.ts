import type { Command } from 'commander';
import { type KeyValues, keyValues, word, wordOrNone, words, yesOrNo } from './key-values.js';
import { wholeNumber } from './parse-number.js';

/** How a file is written, by the names of the API. */
const sourceReaders = {
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
const valueReaders = {
  nulls: words,
  decimal: word,
  thousands: (text: string) => text || ' ',
  dates: word,
  trues: words,
  falses: words,
  trim: yesOrNo,
};

export interface FileOptions {
  source?: KeyValues;
  values?: KeyValues;
}

/** What is known of a file; what is left out is the API's to detect. */
export function addFileOptions(command: Command): void {
  command
    .option(
      '-s, --source <name=value>',
      `how the file is written; may be repeated: ${Object.keys(sourceReaders).join(', ')}`,
      keyValues(sourceReaders),
    )
    .option(
      '--values <name=value>',
      `how values are written; may be repeated: ${Object.keys(valueReaders).join(', ')}`,
      keyValues(valueReaders),
    );
}
