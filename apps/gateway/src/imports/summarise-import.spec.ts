import { anImport } from '../../test/builders.js';
import { summarise } from './summarise-import.js';

describe(summarise, () => {
  it('is one sentence about what was loaded', () => {
    expect(summarise(anImport({ state: 'completed', rowsLoaded: 1_234_567 }))).toBe(
      '1,234,567 rows of “people.csv” were loaded into people.',
    );
    expect(summarise(anImport({ state: 'completed', rowsLoaded: 1 }))).toBe(
      '1 row of “people.csv” was loaded into people.',
    );
  });

  it('names the most frequent reason for rejected rows', () => {
    const rejection = {
      code: 'cast_error',
      column: 'a',
      firstLine: 7,
      message: '“x” is not a number.',
    };
    const run = anImport({
      state: 'completed_with_errors',
      rowsLoaded: 10,
      rowsRejected: 3,
      rejections: [
        { ...rejection, rows: 2 },
        { ...rejection, rows: 1 },
      ],
    });

    expect(summarise(run)).toBe(
      '10 rows of “people.csv” were loaded into people; 3 rows were rejected, most often because: ' +
        '“x” is not a number (first on line 7).',
    );
  });

  it('says why it failed', () => {
    expect(summarise(anImport({ state: 'failed', problemDetail: 'The file has no header.' }))).toBe(
      '“people.csv” could not be imported: The file has no header.',
    );
  });

  it.each(['queued', 'loading', 'interrupted'] as const)('is not there while it is %s', (state) => {
    expect(summarise(anImport({ state }))).toBeNull();
  });
});
