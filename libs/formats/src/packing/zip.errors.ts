import { FileRefused } from '../csv/csv.errors.js';

/** The archive has no file in it that could be imported. */
export class ZipEmpty extends FileRefused {
  constructor() {
    super('zip_empty', 'The zip archive contains no file.');
  }
}

/** The archive has several files, and none was named. */
export class ZipEntryNotChosen extends FileRefused {
  constructor(names: readonly string[]) {
    super(
      'zip_entry_not_chosen',
      `The zip archive contains ${names.length} files: ${list(names)}.`,
      {
        details: { entries: names.slice(0, MAX_DETAILS) },
        help: 'Name the one that is meant in `source.entry`.',
      },
    );
  }
}

/** The archive has no file of the name, or several. */
export class ZipEntryUnknown extends FileRefused {
  constructor(entry: string, count: number, names: readonly string[]) {
    const found = count === 0 ? 'no file' : `${count} files`;
    super(
      'zip_entry_unknown',
      `The zip archive contains ${found} named “${entry}”, but: ${list(names)}.`,
      {
        details: { entry, entries: names.slice(0, MAX_DETAILS) },
        help: 'Give the name in `source.entry` as it stands in the archive, with its folders.',
      },
    );
  }
}

/** A password would be needed. */
export class ZipEncrypted extends FileRefused {
  constructor(entry: string) {
    super('zip_encrypted', `“${entry}” in the zip archive is protected by a password.`, {
      details: { entry },
      help: 'Send an archive without a password, or the file itself.',
    });
  }
}

/** Only what every program writes is read: stored and deflated entries. */
export class ZipMethodUnsupported extends FileRefused {
  constructor(entry: string, method: number) {
    super('zip_method_unsupported', `“${entry}” is compressed by method ${method} of zip.`, {
      details: { entry, method },
      help: 'Make the archive with the usual method (deflate), or send the file as gzip.',
    });
  }
}

/** More files than anybody would choose from. */
export class ZipTooManyEntries extends FileRefused {
  constructor(entries: number, maxEntries: number) {
    super(
      'zip_too_many_entries',
      `The zip archive contains ${entries} files; at most ${maxEntries} are read.`,
      { details: { entries, maxEntries }, help: 'Send the file that is meant by itself.' },
    );
  }
}

const MAX_DETAILS = 100;
const MAX_LISTED = 20;

function list(names: readonly string[]): string {
  const shown = names.slice(0, MAX_LISTED).map((name) => `“${name}”`);
  const others = names.length - shown.length;
  return shown.join(', ') + (others > 0 ? ` and ${others} more` : '');
}
