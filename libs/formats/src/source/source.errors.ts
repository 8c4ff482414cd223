import type { SourceFormat } from '@offload/contracts';
import { FileRefused } from '../csv/csv.errors.js';

/** The file is of a kind that holds no rows for us. */
export class FormatUnsupported extends FileRefused {
  constructor(what: string, help: string) {
    super('format_unsupported', `The file is ${what}, which cannot be imported.`, {
      details: { what },
      help,
    });
  }
}

/** The file was told to be of a format of which it is not. */
export class FormatMismatch extends FileRefused {
  constructor(told: SourceFormat, found: string) {
    super('format_mismatch', `The file was said to be ${told}, and is ${found}.`, {
      details: { told, found },
      help: 'Leave out `format`, so that it is detected.',
    });
  }
}

/** The characters that make up a dialect contradict one another. */
export class DialectInvalid extends FileRefused {
  constructor(reason: string) {
    super('dialect_invalid', `The file cannot be read with these characters: ${reason}`, {
      help: 'Give different characters for `delimiter`, `quote` and `escape`.',
    });
  }
}

/** The records at the end that are to be left out are too long to be held back. */
export class FooterTooLong extends FileRefused {
  constructor(footer: number, maxBytes: number) {
    super('footer_too_long', `The last ${footer} records have more than ${maxBytes} bytes.`, {
      details: { footer, maxBytes },
      help: 'Give a smaller `footer`.',
    });
  }
}
