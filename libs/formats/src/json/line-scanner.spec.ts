import fc from 'fast-check';
import type { Chunk } from '../csv/chunk.js';
import { LineScanner } from './line-scanner.js';
import { parseJsonLines } from './parse-json-lines.js';

describe(LineScanner.name, () => {
  it('cuts at line ends, once a chunk has reached its size', () => {
    expect(scan([Buffer.from('[1]\n[2]\n[3]\n')], { chunkBytes: 5 })).toEqual([
      { number: 0, from: 0, to: 8, firstRow: 1, firstLine: 1, rows: 2, lines: 2, strict: false },
      { number: 1, from: 8, to: 12, firstRow: 3, firstLine: 3, rows: 1, lines: 1, strict: false },
    ]);
  });

  it('counts lines of white space as lines, not as rows', () => {
    const text = '\n[1]\r\n \t\r\n[2]';

    expect(scan([Buffer.from(text)])).toMatchObject([{ rows: 2, lines: 4, to: text.length }]);
  });

  it('gives up on a line that is longer than a record may be', () => {
    const lines = [Buffer.from('[1]\n"xxxxx'), Buffer.from('xxxxx"')];

    expect(() => scan(lines, { recordLimit: 8 })).toThrow(
      expect.objectContaining({
        code: 'record_too_long',
        details: { row: 2, line: 2, offset: 4, recordLimit: 8 },
      }),
    );
  });

  it('finds the records that are read, whatever the buffers, the chunks and the pauses', () => {
    const letters = fc.constantFrom('{"a":1}', '\n', '\n', '\r\n', ' ', '"', 'x');
    fc.assert(
      fc.property(
        fc.array(letters, { maxLength: 30 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
        fc.integer({ min: 1, max: 20 }),
        (parts, sizes, chunkBytes) => {
          const file = Buffer.from(parts.join(''));

          const chunks = scanWithPauses(file, sizes, chunkBytes);

          const records = chunks.flatMap(({ from, to, firstRow, firstLine }) => {
            const at = { offset: from, row: firstRow, line: firstLine };
            return [...parseJsonLines(file.subarray(from, to), ['a'], at)];
          });
          expect(records).toEqual([...parseJsonLines(file, ['a'])]);
          expect(chunks.reduce((rows, chunk) => rows + chunk.rows, 0)).toBe(records.length);
          expect(chunks.at(-1)?.to ?? 0).toBe(file.length);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

function scan(buffers: Buffer[], options?: ConstructorParameters<typeof LineScanner>[0]): Chunk[] {
  const scanner = new LineScanner(options);
  return [...buffers.flatMap((bytes) => scanner.push(bytes)), ...scanner.end()];
}

/** Goes on with another scanner after each push that completed a chunk. */
function scanWithPauses(file: Buffer, sizes: Iterable<number>, chunkBytes: number): Chunk[] {
  const chunks: Chunk[] = [];
  let scanner = new LineScanner({ chunkBytes });
  let from = 0;
  for (const size of sizes) {
    if (from >= file.length) break;
    const found = scanner.push(file.subarray(from, from + size));
    from += size;
    if (found.length === 0) continue;
    chunks.push(...found);
    const { position } = scanner;
    scanner = new LineScanner({ chunkBytes, position });
    from = position.offset;
  }
  return [...chunks, ...scanner.end()];
}
