import fc from 'fast-check';
import { collect, cut } from '../source/file-harness.js';
import { parseJsonLines } from './parse-json-lines.js';
import { rewriteJsonArray } from './rewrite-json-array.js';

describe(rewriteJsonArray.name, () => {
  it('puts each element on a line of its own, in as many bytes', async () => {
    const text = ' [\n  {"a": "x, [y]",\n   "b": [1,\r\n2]},\n  [3],\n  "\\"]",\n 4\n] \n';

    const lines = await rewrite(text);

    expect(lines.split('\n').map((line) => line.trim())).toEqual([
      '{"a": "x, [y]",    "b": [1,  2]}',
      '[3]',
      '"\\"]"',
      '4',
      '',
    ]);
    expect(lines).toHaveLength(text.length);
  });

  it('makes nothing of an empty array', async () => {
    expect((await rewrite('[ \n ]')).trim()).toBe('');
  });

  it('leaves what is wrong within an element for its row', async () => {
    const lines = await rewrite('[{"a":1} {"a":2}, {"a":"x\ny"}, tru]');

    const records = [...parseJsonLines(Buffer.from(lines), ['a'])];

    expect(records).toMatchObject([
      { line: 1, problems: [{ code: 'invalid_json' }] },
      { line: 2, problems: [{ code: 'invalid_json' }] },
      { line: 3, problems: [{ code: 'invalid_json' }] },
    ]);
  });

  it.each([
    ['{"rows":[]}', 'json_not_an_array'],
    ['"a"', 'json_not_an_array'],
    ['  12', 'json_not_an_array'],
    [' \n', 'json_not_an_array'],
    ['[1,,2]', 'json_malformed'],
    ['[,1]', 'json_malformed'],
    ['[1,]', 'json_malformed'],
    ['[[1},2]', 'json_malformed'],
    ['[1}', 'json_malformed'],
    ['[1][2]', 'json_malformed'],
    ['[1],', 'json_malformed'],
    [`[${'['.repeat(2000)}`, 'json_malformed'],
    ['[', 'json_truncated'],
    ['[{"a":1},{"a"', 'json_truncated'],
    ['[{"a":1},', 'json_truncated'],
    ['[1,"a]', 'json_truncated'],
  ])('refuses %j as %s', async (text, code) => {
    await expect(rewrite(text)).rejects.toMatchObject({ code });
  });

  it('tells how many records an array has that breaks off', async () => {
    await expect(rewrite('[{"a":1},{"a":2},{"a"')).rejects.toMatchObject({
      message: 'The JSON file ends in the middle, behind 2 whole records.',
    });
    await expect(rewrite('[{"a":1},')).rejects.toMatchObject({ details: { elements: 1 } });
  });

  it('gives back any array, however it was indented and is cut into buffers', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue()),
        fc.constantFrom('', '\t', '\n', ' \r\n'),
        fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
        async (values, indent, sizes) => {
          const text = JSON.stringify(values, null, indent);

          const lines = (await rewrite(text, sizes))
            .split('\n')
            .filter((line) => line.trim() !== '');

          expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(JSON.parse(text));
        },
      ),
      { numRuns: 500 },
    );
  });
});

async function rewrite(text: string, sizes?: Iterable<number>): Promise<string> {
  return (await collect(rewriteJsonArray(cut(text, sizes)))).toString();
}
