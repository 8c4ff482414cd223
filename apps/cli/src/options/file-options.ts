import type { Command } from 'commander';
import { type KeyValues, keyValues } from './key-values.js';
import { sourceReaders, valueReaders } from './wish-options.js';

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
