import type { DatasetColumn } from '@offload/contracts';
import { aDatasetName, importHarness, type ImportWanted } from '../../../test/import-harness.js';

const columns: DatasetColumn[] = [
  { name: 'id', type: 'bigint', nullable: false },
  { name: 'text', type: 'text', nullable: true, pattern: '^[^!]*$' },
  { name: 'day', type: 'date', nullable: true },
];

/** Good rows, with line breaks in quotes, and bad ones at these places of a hundred, of every kind in turn. */
function aFile(bad: readonly number[], newline: string): string {
  const kinds = ['x,a,', '1', '1,a,2024-02-30', '1,no!,', '1,a,b,c', '1,a,12/31/2024', ',a,'];
  const rows = Array.from({ length: 100 }, (_, place) => {
    const kind = bad.indexOf(place);
    if (kind !== -1) return kinds[kind % kinds.length];
    return place % 7 === 0 ? `${place},"a${newline}""b""${newline}",2024-01-31` : `${place},"c",`;
  });
  return `id,text,day${newline}${rows.join(newline)}${newline}`;
}

const few = [0, 13, 14, 50, 70, 98, 99];
const close = [20, 21, 60];
const all = Array.from({ length: 100 }, (_, place) => place);

describe('a chunk with bad records', () => {
  const { importText, rejectionsOf, rowsOf } = importHarness();

  it.each<[string, number[], ImportWanted]>([
    ['few', few, {}],
    ['few, when it is set aside', few, { keys: [['id']] }],
    ['few, when it replaces another', few, { mode: 'replace' }],
    ['few, of which two are neighbours', close, {}],
    ['the first alone', [0], {}],
    ['the last alone', [99], {}],
    ['one that stands before the last', [98], {}],
    ['many', all.filter((place) => place % 3 === 1), {}],
    ['nothing else', all, {}],
  ])('is stored but for these, each told with its place: %s', async (_, bad, wanted) => {
    for (const newline of ['\n', '\r\n']) {
      const text = aFile(bad, newline);
      const dataset = aDatasetName();
      await importText('id,text,day\n', { dataset, columns, keys: wanted.keys ?? [] });

      const { end, importId } = await importText(text, { dataset, ...wanted });

      // A null word has every record read here, whatever PostgreSQL says.
      const read = await importText(text, { columns, values: { nulls: ['\\N'] } });
      const rejected = await rejectionsOf(importId);
      expect({ newline, rejected }).toEqual({
        newline,
        rejected: await rejectionsOf(read.importId),
      });
      expect(rejected.map(({ row }) => Number(row) - 1)).toEqual(bad);
      expect(end).toMatchObject({ rowsLoaded: 100 - bad.length });
      expect(await rowsOf(dataset)).toEqual(await rowsOf(read.dataset));
    }
  });
});
