import { styleFor } from './style.js';
import { type Column, table, visibleLength } from './table.js';

interface Row {
  id: string;
  count: number;
  text: string;
}

const columns: Column<Row>[] = [
  { title: 'ID', value: ({ id }) => id },
  { title: 'COUNT', value: ({ count }) => String(count), isNumber: true },
  { title: 'TEXT', value: ({ text }) => text, isFlexible: true },
];
const plain = styleFor(false);

describe(table, () => {
  it('stands in columns, numbers to the right, with nothing at the ends of lines', () => {
    const drawn = table(columns, [aRow('a', 1, 'one'), aRow('bcd', 12, 'two\nlines')], {
      width: Infinity,
      style: plain,
    });

    expect(drawn.split('\n')).toEqual([
      'ID   COUNT  TEXT',
      'a        1  one',
      'bcd     12  two lines',
    ]);
  });

  it('is cut to the terminal, the ids never', () => {
    const rows = [aRow('0198-aaaa-bbbb', 3, 'a rather long sentence about what has failed')];

    const lines = table(columns, rows, { width: 40, style: plain }).split('\n');

    expect(Math.max(...lines.map(visibleLength))).toBeLessThanOrEqual(40);
    expect(lines[1]).toMatch(/^0198-aaaa-bbbb\s+3 {2}a rather long/);
    expect(lines[1]).toMatch(/…$/);
  });

  it('is whole when it goes to a file', () => {
    const long = 'word '.repeat(100).trim();

    expect(table(columns, [aRow('a', 1, long)], { width: Infinity, style: plain })).toContain(long);
  });

  it('keeps its columns when cells are coloured', () => {
    const style = styleFor(true);
    const coloured = columns.map((column) => ({
      ...column,
      value: (row: Row) => style.bad(column.value(row)),
    }));

    const lines = table(coloured, [aRow('a', 1, 'one'), aRow('b', 22, 'two')], {
      width: 80,
      style,
    }).split('\n');

    expect(new Set(lines.map((line) => visibleLength(line)))).toEqual(new Set([15, 14]));
  });
});

function aRow(id: string, count: number, text: string): Row {
  return { id, count, text };
}
