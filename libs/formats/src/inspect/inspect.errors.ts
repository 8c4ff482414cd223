import { FileRefused } from '../csv/csv.errors.js';

/** There is text, but nothing in it that could be a row. */
export class NoRecords extends FileRefused {
  constructor() {
    super('no_records', 'The beginning of the file holds no record.', {
      help: 'Send rows of CSV, or JSON objects or arrays, with one value at least.',
    });
  }
}
