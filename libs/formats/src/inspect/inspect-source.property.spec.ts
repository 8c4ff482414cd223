import fc from 'fast-check';
import { FileRefused } from '../csv/csv.errors.js';
import { checkValue } from '../csv/validate-value.js';
import { aFile } from '../source/file-harness.js';
import { valueReader } from '../values/value-reader.js';
import { inspectSource } from './inspect-source.js';
import type { Inspection } from './inspection.js';

/** Texts that mean something to some rule, thrown together: tables of a few of them, and soup. */
describe(inspectSource.name, () => {
  it('proposes only types and options with which every sampled value is one of the type', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(tables, soups), async (text) => {
        const found = await inspectOrRefuse(text);

        expect(found ? misread(found) : []).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  it('finds the same again when it is told what it has found', async () => {
    await fc.assert(
      fc.asyncProperty(tables, async (text) => {
        const found = await inspectOrRefuse(text);
        fc.pre(found !== undefined && found.source.format === 'csv');

        const { entry: _, sheet: __, bom: ___, ...source } = found.source;
        const again = await inspectSource(aFile(text), { source, values: found.values });

        expect(again.source).toEqual(found.source);
        expect(again.rows).toEqual(found.rows);
        expect(typesOf(again)).toEqual(typesOf(found));
      }),
      { numRuns: 1000 },
    );
  });
});

/** Anything else that is thrown fails the test. */
async function inspectOrRefuse(text: string): Promise<Inspection | undefined> {
  return inspectSource(aFile(text)).catch((error: unknown) => {
    if (error instanceof FileRefused) return undefined;
    throw error;
  });
}

/** Values that would be rejected, although the column was proposed for them. */
function misread({ columns, values, samples }: Inspection): unknown[] {
  return columns.flatMap(({ type }, index) => {
    const reader = valueReader(type, values);
    return samples
      .filter(({ length }) => length === columns.length)
      .map((fields) => ({ type, text: fields[index], read: reader.read(fields[index] ?? null) }))
      .filter(({ read }) => read !== null)
      .filter(({ read }) => typeof read !== 'string' || typeof checkValue(type, read) === 'object');
  });
}

function typesOf({ columns }: Inspection): [string, string][] {
  return columns.map(({ name, type }) => [name, type]);
}

const words = fc.constantFrom(
  ...['a', 'b', '1', '2', '0', '00', '-', '1,5', '1.234', '1,234', '1.234,5', '1.5', '5 %'],
  ...['31.12.2026', '03/04/2026', '2026-01-31', '31.12.26', '10:00', 'T10:00', 'Total', 'NULL'],
  ...['n/a', 'ja', 'nein', 'true', 'x', '{"a":1}', '[1,2]', 'é', '\u00a0', '5\u00a0', ' ', ''],
);
const marks = fc.constantFrom(
  ...['"', '""', "'", '\\"', ',', ';', '\t', '|', ':', '^', '~', '{', '}', '[', ']', '\0'],
  ...['\n', '\n', '\r\n', '\r', '\n\n', 'sep=;'],
);
const soups = fc.array(fc.oneof(words, marks), { maxLength: 80 }).map((parts) => parts.join(''));
const tables = fc
  .record({
    delimiter: fc.constantFrom(',', ';', '\t', '|'),
    pool: fc.array(words, { minLength: 1, maxLength: 6 }),
    width: fc.integer({ min: 1, max: 4 }),
    picks: fc.array(fc.nat(), { maxLength: 40 }),
  })
  .map(({ delimiter, pool, width, picks }) => {
    const cells = picks.map((pick) => quoted(pool[pick % pool.length] ?? '', delimiter));
    const rows = Array.from({ length: Math.ceil(cells.length / width) }, (_, row) =>
      cells.slice(row * width, (row + 1) * width).join(delimiter),
    );
    return `${rows.join('\n')}\n`;
  });

function quoted(text: string, delimiter: string): string {
  return text.includes(delimiter) || text.includes('"') ? `"${text.replaceAll('"', '""')}"` : text;
}
