import fc from 'fast-check';
import { parseJsonLines, type SourceRecord } from './parse-json-lines.js';

describe(parseJsonLines.name, () => {
  it('puts the fields of objects into the columns of their names, and keeps every digit', () => {
    const [record] = parse('{"b":12345678901234567890.10,"a":"x","c":-1E+2}', ['a', 'b', 'c']);

    expect(record).toMatchObject({
      fields: ['x', '12345678901234567890.10', '-1E+2'],
      problems: [],
    });
  });

  it('keeps nested values as the text they are', () => {
    const [record] = parse('{"a":{"n": [1.50, "}\\""]},"b":[ ],"c":true}', ['a', 'b', 'c']);

    expect(record?.fields).toEqual(['{"n": [1.50, "}\\""]}', '[ ]', 'true']);
  });

  it('reads arrays by position, however long they are', () => {
    expect(fieldsOf('["a",null,""]\n[1]\n[]\n', ['x', 'y'])).toEqual([['a', null, ''], ['1'], []]);
  });

  it('takes what is not there, and null, for no value', () => {
    expect(fieldsOf('{}\n{"b":null}\n', ['a', 'b'])).toEqual([
      [null, null],
      [null, null],
    ]);
  });

  it('tells where each record stands in the file', () => {
    const slice = Buffer.from('  {"a":1} \r\n\r\n \t\n{"a":2}');

    const records = [...parseJsonLines(slice, ['a'], { offset: 100, row: 7, line: 20 })];

    expect(records).toMatchObject([
      { row: 7, line: 20, lines: 1, offset: 100, end: 112 },
      { row: 8, line: 23, lines: 1, offset: 117, end: 124 },
    ]);
    expect(records.map(({ raw }) => raw.toString())).toEqual(['{"a":1}', '{"a":2}']);
  });

  it.each([
    ['{"a":1', 'invalid_json', -1],
    ['{"a" 1}', 'invalid_json', -1],
    ['{"a":1}{"a":2}', 'invalid_json', -1],
    ['{"a":01}', 'invalid_json', -1],
    ['{"a":NaN}', 'invalid_json', -1],
    ["{'a':1}", 'invalid_json', -1],
    ['{"a":"\t"}', 'invalid_json', -1],
    ['{"a":"x\0"}', 'invalid_json', -1],
    ['{"a":[1,]}', 'invalid_json', -1],
    ['{"a":"x', 'invalid_json', -1],
    ['{"a":"x\\', 'invalid_json', -1],
    ['a,b', 'invalid_json', -1],
    ['"a"', 'not_an_object', -1],
    ['12', 'not_an_object', -1],
    ['null', 'not_an_object', -1],
    ['{"a":1,"c":2}', 'unknown_field', -1],
    ['{"a":1,"a":2}', 'duplicate_field', 0],
    [String.raw`{"b":"\u0000"}`, 'nul_byte', 1],
    [String.raw`{"b":"\ud83d"}`, 'lone_surrogate', 1],
    ['{"b":"\xff"}', 'invalid_utf8', 1],
    ['["x","\xff\xfe\xfff=A1"]', 'formula_without_value', 1],
  ])('rejects %j as %s, and reads the next line', (line, code, field) => {
    const slice = Buffer.from(`${line}\n{"a":"next"}\n`, 'latin1');

    const records = [...parseJsonLines(slice, ['a', 'b'])];

    expect(records).toMatchObject([
      { problems: [{ code, field }] },
      { row: 2, line: 2, fields: ['next', null], problems: [] },
    ]);
  });

  it('says what is wrong, and where', () => {
    expect(parse('{"a":1,"städte":2}', ['a'])[0]?.problems[0]?.message).toBe(
      'This record has a field that is no column of the file. (“städte”)',
    );
    expect(parse('{"a":1 "b":2}', ['a'])[0]?.problems[0]?.message).toBe(
      'This line is not valid JSON. A comma or a closing bracket is missing. (At byte 8 of the line.)',
    );
  });

  it('hands a marked value on without its mark', () => {
    const [record] = parseJsonLines(Buffer.from('["\xff\xfe\xfff=A1"]\n', 'latin1'), ['a']);

    expect(record).toMatchObject({ fields: ['=A1'] });
    expect(record?.raw.toString()).toBe('["=A1"]');
  });

  it('stands values of megabytes and any depth', () => {
    const long = 'é"\\'.repeat(1_500_000);
    const deep = '['.repeat(1_000_000) + ']'.repeat(1_000_000);

    const [record] = parse(`{"a":${JSON.stringify(long)},"b":${deep}}`, ['a', 'b']);

    expect(record?.problems).toEqual([]);
    expect(record?.fields).toEqual([long, deep]);
  });

  it('reads whatever JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.array(anObject(), { minLength: 1 }), (objects) => {
        const columns = [...new Set(objects.flatMap((object) => Object.keys(object)))];
        const text = objects.map((object) => `${JSON.stringify(object)}\n`).join('');

        expect(fieldsOf(text, columns)).toEqual(
          objects.map((object) => columns.map((name) => asText(object[name]))),
        );
      }),
    );
  });

  it('says that a line is no JSON just when JSON.parse says so', () => {
    const tokens = [
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      '"',
      '"a"',
      'a',
      '\\',
      '\\u0041',
      '\\"',
      '1',
      '-',
      '.5',
      'e9',
      'null',
      'true',
      ' ',
      '\r',
      '\t',
      'é',
      '\x01',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...tokens), { maxLength: 12 }), (parts) => {
        const line = parts.join('');
        fc.pre(line.trim() !== '');

        const records = parse(`{"a":2}\n${line}\n[1]`, ['a']);

        const isInvalid = records[1]?.problems.some(({ code }) => code === 'invalid_json');
        expect(records.map(({ row }) => row)).toEqual([1, 2, 3]);
        expect(isInvalid).toBe(!isJson(line));
        expect(records[2]).toMatchObject({ fields: ['1'], problems: [] });
      }),
      { numRuns: 3000 },
    );
  });
});

function parse(text: string, columns: string[]): SourceRecord[] {
  return [...parseJsonLines(Buffer.from(text), columns)];
}

function fieldsOf(text: string, columns: string[]): (string | null)[][] {
  return parse(text, columns).map(({ fields }) => fields);
}

function anObject(): fc.Arbitrary<Record<string, unknown>> {
  const key = fc.string({ unit: 'grapheme', maxLength: 3 });
  const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0'));
  const value = fc.oneof(
    text,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(text),
  );
  return fc.dictionary(key, value, { noNullPrototype: true });
}

function asText(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
