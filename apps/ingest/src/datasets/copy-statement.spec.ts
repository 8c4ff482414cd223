import { copyStatement } from './copy-statement.js';

describe(copyStatement.name, () => {
  it('names the columns in the order of the file', () => {
    expect(copyStatement('people', ['b', 'a'], { delimiter: ';' })).toBe(
      `copy "datasets"."people" ("b", "a") from stdin with (format csv, delimiter ';', ` +
        `quote '"', escape '"', null '', encoding 'UTF8')`,
    );
  });

  it.each(['"', '\n', '', ';;', 'ä'])('refuses the delimiter %j', (delimiter) => {
    expect(() => copyStatement('people', ['a'], { delimiter })).toThrow(RangeError);
  });
});
