import { FileRefused } from '../csv/csv.errors.js';

/** A JSON file holds one array of records; anything else at its root has no rows. */
export class JsonNotAnArray extends FileRefused {
  constructor(found: string) {
    super('json_not_an_array', `The JSON file holds ${found}, not an array of records.`, {
      details: { found },
      help: 'Send an array (`[{…},{…}]`), or one JSON object on each line as NDJSON.',
    });
  }
}

/** The file ends within the array, so rows are missing. */
export class JsonTruncated extends FileRefused {
  constructor(elements: number) {
    super(
      'json_truncated',
      `The JSON file ends in the middle, behind ${elements} whole ${elements === 1 ? 'record' : 'records'}.`,
      {
        details: { elements },
        help: 'It was probably not written or copied completely. Send it again.',
      },
    );
  }
}

/** The array cannot be taken apart into elements; what is wrong within an element is told for its row. */
export class JsonMalformed extends FileRefused {
  constructor(element: number, offset: number, reason: string) {
    super('json_malformed', `The JSON array is broken at element ${element}: ${reason}`, {
      details: { element, offset },
      help: 'Write the file again with a program that writes JSON.',
    });
  }
}
