import { type ImportOutcome, summariseImport } from './summarise-import.js';

describe(summariseImport, () => {
  it.each<[string, Partial<ImportOutcome>, string]>([
    [
      'what was loaded',
      { rowsLoaded: 1_234_567 },
      '1,234,567 rows of “people.csv” were loaded into people.',
    ],
    ['a single row', { rowsLoaded: 1 }, '1 row of “people.csv” was loaded into people.'],
    [
      'the most frequent reason for rejected rows',
      { rowsRejected: 3, rejections: [aReason(2), aReason(1)] },
      '10 rows of “people.csv” were loaded into people; 3 rows were rejected, most often because: ' +
        '“x” is not a number (first on line 7).',
    ],
    [
      'what an upsert has changed',
      { mode: 'upsert', rowsCreated: 5, rowsUpdated: 3, rowsUnchanged: 1, rowsSkipped: 1 },
      '10 rows of “people.csv” were merged into people: 5 created, 3 updated, 1 unchanged, 1 skipped.',
    ],
    [
      'what was replaced',
      { mode: 'replace' },
      '10 rows of “people.csv” have taken the place of what was in people.',
    ],
    [
      'what a dry run would have done',
      {
        dryRun: true,
        mode: 'upsert',
        rowsCreated: 6,
        rowsUpdated: 4,
        rowsRejected: 1,
        rejections: [aReason(1)],
      },
      'Dry run: 10 rows of “people.csv” would be merged into people: 6 would be created, 4 updated; ' +
        '1 row would be rejected, because: “x” is not a number (first on line 7). Nothing was stored.',
    ],
    [
      'what would be replaced',
      { dryRun: true, mode: 'replace' },
      'Dry run: 10 rows of “people.csv” would take the place of what is in people. Nothing was stored.',
    ],
    [
      'what waits for a person',
      { outcome: 'held' },
      '10 rows of “people.csv” are ready for people. Nothing is stored until the import is confirmed.',
    ],
    [
      'why it failed',
      { outcome: 'failed', failure: 'The file has no header.' },
      '“people.csv” could not be imported: The file has no header.',
    ],
    [
      'which limit was passed, and why',
      {
        outcome: 'failed',
        failure: 'More than 2 rows were rejected.',
        rowsRejected: 3,
        rejections: [aReason(3)],
      },
      '“people.csv” could not be imported: More than 2 rows were rejected; 3 rows were rejected, ' +
        'because: “x” is not a number (first on line 7).',
    ],
    [
      'which rows a cancellation has left',
      { outcome: 'canceled', rowsCreated: 1200 },
      'The import of “people.csv” into people was canceled; 1,200 rows that were stored before stay.',
    ],
    [
      'that a cancellation has left nothing',
      { outcome: 'canceled' },
      'The import of “people.csv” into people was canceled; nothing of it is in the dataset.',
    ],
    [
      'what was undone and what was not',
      { outcome: 'reverted', reverted: { rowsRemoved: 90, rowsRestored: 8, rowsKept: 2 } },
      'The import of “people.csv” into people was reverted: 90 rows were removed, 8 have their former ' +
        'values again. 2 rows stay, because somebody else has changed them since.',
    ],
  ])('tells %s', (_, told, sentence) => {
    expect(summariseImport({ ...aRun, ...told })).toBe(sentence);
  });
});

const aRun: ImportOutcome = {
  outcome: 'completed',
  fileName: 'people.csv',
  dataset: 'people',
  mode: 'append',
  dryRun: false,
  rowsLoaded: 10,
  rowsRejected: 0,
  rowsCreated: 0,
  rowsUpdated: 0,
  rowsUnchanged: 0,
  rowsSkipped: 0,
  rejections: [],
};

function aReason(rows: number): ImportOutcome['rejections'][number] {
  return { code: 'cast_error', column: 'a', rows, firstLine: 7, message: '“x” is not a number.' };
}
