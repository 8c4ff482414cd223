import type { ListedRow } from './rejected-rows.queries.js';
import { writeRejectedRows } from './write-rejected-rows.js';

const message = '“x” is not a number.';

describe(writeRejectedRows, () => {
  it('writes the columns of the file, then which row it is and why', async () => {
    const lines = await written([aRow({ fields: ['x', null] }), aRow({ fields: ['', 'b'] })]);

    expect(lines).toEqual([
      'a,b,_row,_error_code,_error',
      `x,,7,cast_error,${message}`,
      `"",b,7,cast_error,${message}`,
    ]);
  });

  it('keeps rows of any width in their columns, and loses nothing of the wide ones', async () => {
    const lines = await written([aRow({ fields: ['x'] }), aRow({ fields: ['1', '2', '3', '4'] })], {
      widest: 4,
    });

    expect(lines).toEqual([
      'a,b,_extra_1,_extra_2,_row,_error_code,_error',
      `x,,,,7,cast_error,${message}`,
      `1,2,3,4,7,cast_error,${message}`,
    ]);
  });

  it('gives a row that is not whole no number under which it could be posted back', async () => {
    const [, line] = await written([aRow({ fields: ['half of'], is_cut: true })]);

    expect(line).toBe(
      `,,,cast_error,${message} Row 7 (line 9) is too long to be listed: correct it in the file itself.`,
    );
  });

  it('escapes formulas when it is asked to, in names too', async () => {
    const lines = await written([aRow({ fields: ['=1+1', '-5'] })], {
      source: ['=a', 'b'],
      escapesFormulas: true,
    });

    expect(lines).toEqual([`'=a,b,_row,_error_code,_error`, `'=1+1,-5,7,cast_error,${message}`]);
  });
});

async function written(rows: ListedRow[], given = {}): Promise<string[]> {
  const columns = { source: ['a', 'b'], widest: 2, escapesFormulas: false, ...given };
  const records: string[] = [];
  for await (const record of writeRejectedRows(each(rows), columns)) {
    records.push(record.replace(/\r\n$/, ''));
  }
  return records;
}

async function* each<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}

function aRow(given: Partial<ListedRow>): ListedRow {
  return { row: '7', line: '9', code: 'cast_error', message, fields: [], is_cut: false, ...given };
}
