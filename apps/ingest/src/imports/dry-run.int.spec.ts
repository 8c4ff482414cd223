import type { DatasetColumn, ImportOptions } from '@offload/contracts';
import fc from 'fast-check';
import { aDatasetName, importHarness } from '../../test/import-harness.js';

const columns: DatasetColumn[] = [
  { name: 'id', type: 'bigint', nullable: true },
  { name: 'code', type: 'text', nullable: true, length: { max: 3 } },
  { name: 'price', type: 'numeric', nullable: true, range: { min: 0 } },
];

/** Values of which many are bad and many are the same. */
const cell = {
  id: fc.constantFrom('1', '2', '3', '4', '5', '6', '7', '', 'x'),
  code: fc.constantFrom('a', 'b', 'c', 'd', 'e', '""', 'long'),
  price: fc.constantFrom('1', '1.0', '2', '', '-1', 'free'),
};
const row = fc.tuple(cell.id, cell.code, cell.price);
const file = fc.array(row, { maxLength: 25 });

const options: fc.Arbitrary<Partial<ImportOptions>> = fc.record(
  {
    mode: fc.constantFrom('append', 'upsert', 'replace'),
    onConflict: fc.constantFrom('update', 'skip', 'error'),
    onError: fc.constantFrom('quarantine', 'quarantine', 'abort'),
    rejectLimit: fc.oneof(
      fc.record({ rows: fc.integer({ min: 0, max: 8 }) }),
      fc.record({ percent: fc.integer({ min: 0, max: 60 }) }),
    ),
  },
  { requiredKeys: ['mode', 'onConflict'] },
);

describe('a dry run', () => {
  const { importText, rejectionsOf, rowsOf } = importHarness();

  it('tells what the real run does, whatever is in the file and in the dataset', async () => {
    const keys = fc.constantFrom<string[][][]>([['id']], [['id'], ['code']], [['code', 'id']]);
    await fc.assert(
      fc.asyncProperty(file, file, keys, options, async (old, rows, ofDataset, wanted) => {
        const dataset = aDatasetName();
        await importText(csv(old), { dataset, columns, keys: ofDataset });
        const before = await rowsOf(dataset);

        const trial = await outcomeOf(csv(rows), { dataset, ...wanted, dryRun: true });
        expect(await rowsOf(dataset)).toEqual(before);
        const real = await outcomeOf(csv(rows), { dataset, ...wanted });

        expect(trial).toEqual(real);
        const { rowsCreated = 0, rowsLoaded = 0, rowsRejected = 0 } = real.counts;
        const isStored = real.code === undefined;
        const left = isStored && wanted.mode === 'replace' ? 0 : before.length;
        expect(await rowsOf(dataset)).toHaveLength(left + rowsCreated);
        expect(isStored ? rowsLoaded + rowsRejected : rows.length).toBe(rows.length);
      }),
      { numRuns: 30, seed: 4, endOnFailure: true },
    );
  }, 240_000);

  async function outcomeOf(text: string, wanted: Parameters<typeof importText>[1]) {
    const { importId, end } = await importText(text, wanted);
    const totals = (end['totals'] ?? end) as Record<string, number | undefined>;
    const { rowsLoaded, rowsRejected, rowsCreated, rowsUpdated, rowsUnchanged, rowsSkipped } =
      totals;
    return {
      code: end['code'],
      message: end['message'],
      counts: { rowsLoaded, rowsRejected, rowsCreated, rowsUpdated, rowsUnchanged, rowsSkipped },
      rejections: end['rejections'],
      rejected: await rejectionsOf(importId),
    };
  }
});

/** A row of nothing but empty values would be a blank line, were it not for the delimiters. */
function csv(rows: readonly (readonly string[])[]): string {
  return `id,code,price\n${rows.map((values) => `${values.join(',')}\n`).join('')}`;
}
