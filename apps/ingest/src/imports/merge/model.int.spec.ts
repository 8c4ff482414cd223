import type { DatasetColumn } from '@offload/contracts';
import fc from 'fast-check';
import { aDatasetName, importHarness } from '../../../test/import-harness.js';

const columns: DatasetColumn[] = [
  { name: 'id', type: 'bigint', nullable: true },
  { name: 'price', type: 'numeric', nullable: true, range: { min: 0 } },
];

interface Row {
  id: string | null;
  price: string | null;
}

/** Few ids, so that many rows meet; some values that are none. */
const row: fc.Arbitrary<Row> = fc.record({
  id: fc.option(fc.constantFrom('1', '2', '3', '4', '5', 'x'), { freq: 8 }),
  price: fc.option(fc.constantFrom('1', '2', '3', '-1'), { freq: 8 }),
});
const file = fc.array(row, { maxLength: 20 });
const how = fc.constantFrom('append', 'update', 'skip', 'error', 'replace');
type How = 'append' | 'update' | 'skip' | 'error' | 'replace';

describe('an import', () => {
  const { importText, rowsOf } = importHarness();

  it('leaves what its rows would one after the other, as a person would do it with a pencil', async () => {
    await fc.assert(
      fc.asyncProperty(file, file, how, async (old, rows, wanted) => {
        const dataset = aDatasetName();
        await importText(csv(old), { dataset, columns, keys: [['id']] });
        const expected = model(model([], old, 'append').table, rows, wanted);

        const { end } = await importText(csv(rows), { dataset, ...optionsFor(wanted) });

        expect(sorted((await rowsOf(dataset)) as unknown as Row[])).toEqual(sorted(expected.table));
        expect(end).toMatchObject(expected.counts);
      }),
      { numRuns: 40, seed: 11, endOnFailure: true },
    );
  }, 240_000);
});

function optionsFor(wanted: How): Parameters<ReturnType<typeof importHarness>['importText']>[1] {
  if (wanted === 'append' || wanted === 'replace') return { mode: wanted };
  return { mode: 'upsert', onConflict: wanted };
}

/** One row after the other, by hand. */
function model(before: Row[], rows: readonly Row[], wanted: How) {
  const isUpsert = wanted === 'update' || wanted === 'skip' || wanted === 'error';
  const table = wanted === 'replace' ? [] : before.map((each) => ({ ...each }));
  const old = new Map(table.filter(({ id }) => id !== null).map((each) => [each.id, each]));
  const counts = { rowsCreated: 0, rowsUpdated: 0, rowsUnchanged: 0, rowsSkipped: 0 };
  const good = rows.filter(
    ({ id, price }) => id !== 'x' && price !== '-1' && !(isUpsert && id === null),
  );
  let rejected = rows.length - good.length;
  for (const [place, each] of good.entries()) {
    const met = each.id === null ? undefined : table.find(({ id }) => id === each.id);
    const isReplacedLater =
      wanted === 'update' && good.slice(place + 1).some(({ id }) => id === each.id);
    if (isReplacedLater || (met && wanted === 'skip')) counts.rowsSkipped += 1;
    else if (met && wanted === 'update') {
      const isSame = met.price === each.price;
      counts[isSame ? 'rowsUnchanged' : 'rowsUpdated'] += 1;
      Object.assign(old.get(each.id) ?? met, each);
    } else if (met) rejected += 1;
    else {
      table.push({ ...each });
      counts.rowsCreated += 1;
    }
  }
  return {
    table,
    counts: { ...counts, rowsRejected: rejected, rowsLoaded: rows.length - rejected },
  };
}

function sorted(rows: readonly Row[]): Row[] {
  const text = ({ id, price }: Row): string => `${id} ${price}`;
  return rows
    .map(({ id, price }) => ({ id, price }))
    .toSorted((one, other) => text(one).localeCompare(text(other)));
}

function csv(rows: readonly Row[]): string {
  return `id,price\n${rows.map(({ id, price }) => `${id ?? ''},${price ?? ''}\n`).join('')}`;
}
