import { PermanentError } from '@offload/platform';

/** The file cannot be imported as it is; the message is for the person who sent it. */
export class FileRefused extends PermanentError {}

/** One physical line is longer than a record may be, so that the file cannot be cut into records. */
export class RecordTooLong extends FileRefused {
  constructor(at: { row: number; line: number; offset: number }, recordLimit: number) {
    super('record_too_long', `Line ${at.line} is longer than ${recordLimit} bytes.`, {
      details: { row: at.row, line: at.line, offset: at.offset, recordLimit },
      help: 'Check that the file is CSV, and that its line breaks are those that were detected.',
    });
  }
}

/** The file holds no record at all, not even a header. */
export class FileEmpty extends FileRefused {
  constructor() {
    super('file_empty', 'The file is empty: it has no header line.');
  }
}

/** The first record cannot serve as a header. */
export class HeaderUnreadable extends FileRefused {
  constructor(line: number, reason: string) {
    super('header_unreadable', `The header on line ${line} cannot be read: ${reason}`, {
      details: { line },
    });
  }
}

/** PostgreSQL keeps at most 1600 columns in a table. */
export class TooManyColumns extends FileRefused {
  constructor(columns: number, maxColumns: number) {
    super(
      'too_many_columns',
      `The file has ${columns} columns; a dataset can have ${maxColumns}.`,
      { details: { columns, maxColumns } },
    );
  }
}
