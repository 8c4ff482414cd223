import type { ColumnType, ValueOptions } from '@offload/contracts';
import { checkValue } from '../csv/validate-value.js';
import { valueReader } from '../values/value-reader.js';
import { inferTypes } from './infer-types.js';

type Values = (string | null)[];

describe(inferTypes.name, () => {
  it.each<[ColumnType, ValueOptions, Values]>([
    ['bigint', {}, ['1', '-20', null, '9223372036854775807']],
    ['bigint', {}, [' 1', '2 ', '']],
    ['bigint', {}, ['0', '1', '1']],
    ['numeric', {}, ['1', '9223372036854775808']],
    ['numeric', {}, ['1.50', '-.5', '3', '1.234']],
    ['numeric', {}, ['1.234', '5.678']],
    ['double', {}, ['1', '2.5', '1e-7']],
    ['double', {}, ['1.5', 'NaN', '-Infinity']],
    ['boolean', {}, ['true', 'FALSE', null]],
    ['boolean', {}, ['t', 'f']],
    ['boolean', {}, ['yes', 'No']],
    ['boolean', {}, ['Y', 'N']],
    ['boolean', { trues: ['ja'], falses: ['nein'] }, ['Ja', 'nein', '']],
    ['boolean', { trues: ['vrai'], falses: ['faux'] }, ['VRAI']],
    ['date', {}, ['2024-02-29', '1999-12-31']],
    ['timestamptz', {}, ['2024-02-29T10:00:00Z', '2024-02-29 10:00', '2024-02-29']],
    ['uuid', {}, ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11']],
    ['json', {}, ['{"a": [1]}', '[]']],

    ['numeric', { decimal: ',' }, ['1,5', '2', '-0,25']],
    ['numeric', { decimal: ',', thousands: '.' }, ['1.234,50', '12', '1.234.567']],
    ['bigint', { decimal: ',', thousands: '.' }, ['1.234.567', '1.234']],
    ['bigint', { decimal: '.', thousands: ',' }, ['1,234,567', '999']],
    ['numeric', { decimal: '.', thousands: ',' }, ['1,234.5', '1,234']],
    ['bigint', { decimal: '.', thousands: ' ' }, ['1 234', '12\u00a0345']],
    ['numeric', { decimal: ',', thousands: ' ' }, ['1\u202f234,5', '7']],
    ['numeric', { decimal: '.', thousands: "'" }, ["1'234.50", '1’000’000']],

    ['date', { dates: 'dmy' }, ['31/01/2026', '03/04/2026']],
    ['date', { dates: 'mdy' }, ['1/31/2026', '3/4/2026']],
    ['date', { dates: 'ymd' }, ['2026/1/31', '2026/02/01']],
    ['date', { dates: 'dmy' }, ['03.04.2026', '05.06.2026']],
    ['date', { dates: 'dmy' }, ['31.12.2026 00:00:00']],
    ['timestamptz', { dates: 'dmy' }, ['31.12.2026', '31.12.2026 10:15']],
    ['timestamptz', { dates: 'mdy' }, ['12/31/2026 3:15 PM']],
    ['date', { dates: 'dmy' }, ['2026-01-31', '31-01-2026']],

    ['bigint', { nulls: ['n/a', 'NULL'] }, ['1', 'n/a', 'NULL', '2']],
    ['date', { nulls: ['-'] }, ['2026-01-31', '-']],
    ['numeric', { decimal: ',', nulls: ['\\N'] }, ['1,5', '\\N']],

    ['text', {}, ['00123', '01067']],
    ['text', {}, ['10115', '01067']],
    ['text', {}, ['+49', '+50']],
    ['text', {}, ['a', '', 'n/a']],
    ['text', {}, ['NO', 'NO']],
    ['text', {}, ['F', 'F']],
    ['text', {}, ['t', 'no']],
    ['text', {}, ['ja', 'no']],
    ['text', {}, ['ja', 'ja']],
    ['text', {}, ['2024-02-30']],
    ['text', {}, ['2024-01-01', '1']],
    ['text', {}, ['NaN', 'NaN']],
    ['text', {}, ['NULL', '-']],
    ['text', {}, ['constructor', '__proto__']],
    ['text', {}, ['1_000', '0x1F']],
    ['text', {}, ['1', ' ']],
    ['text', {}, ['5', '6\u00a0']],
    ['text', {}, ['\u00a0true']],
    ['text', {}, ['1,234', '5,678']],
    ['text', {}, ['12.34,5']],
    ['text', {}, ['1,5', '1.5']],
    ['text', {}, ['03/04/2026', '05/06/2026']],
    ['text', {}, ['31/01/2026', '01/31/2026']],
    ['text', {}, ['31.01.26']],
    ['text', {}, ['5 %', '€ 7']],
    ['text', {}, ['"just a text"', '12']],
    ['text', {}, [null, null]],
  ])('proposes %s with %j for %j', async (type, values, texts) => {
    expect(await infer(texts)).toMatchObject({ type, values });
  });

  it.each<[ColumnType, ValueOptions, Values]>([
    ['date', { dates: 'mdy' }, ['03/04/2026']],
    ['bigint', { thousands: ',' }, ['1,234']],
    ['numeric', { decimal: ',' }, ['1,234']],
    ['text', { decimal: ',' }, ['1.234']],
    ['bigint', { decimal: ',' }, ['1.234', '1.234.567']],
    ['bigint', { decimal: ',', thousands: '.' }, ['1.234']],
    ['numeric', { thousands: '_' }, ['1_234.5']],
    ['boolean', { trues: ['1'], falses: ['0'] }, ['1', '0']],
    ['boolean', { trues: ['x'], falses: [''] }, ['x', null]],
    ['bigint', { nulls: ['none at all'] }, ['1', 'none at all']],
    ['text', { nulls: [] }, ['1', 'n/a']],
    ['bigint', { trim: true }, ['1', ' \u00a0 ', '2\u00a0']],
    ['text', { dates: 'mdy' }, ['31/01/2026']],
    ['text', { decimal: '.' }, ['1,5']],
  ])('proposes %s when it is told %j, for %j', async (type, told, texts) => {
    expect((await infer(texts, told)).type).toBe(type);
  });

  it.each<[why: string, sentence: string, Values]>([
    ['leading zeros', 'Leading zeros are kept as text: “01067”.', ['10115', '01067']],
    [
      'an order that cannot be told',
      '2 of 3 values are dates in an order that cannot be told: 03/04/2026 could be 3 April or 4 March.',
      ['2026-01-31', '03/04/2026', '5/6/2026'],
    ],
    ['the order of dates with points', 'it is taken for day, month, year', ['03.04.2026']],
    ['a decimal comma', 'Looks like numbers with a decimal comma.', ['1,5']],
    ['thousands', 'a decimal comma and separators between thousands', ['1.234,5']],
    [
      'numbers of two meanings',
      '“1,234” may be a number with decimals or with a separator',
      ['1,234'],
    ],
    ['years of two digits', 'years of two digits', ['31.01.26']],
    ['units', 'numbers with something around them, so it stays text: “5 %”', ['5 %', '6 %']],
    [
      'a few odd values',
      '1 of 9 values are not like the others',
      ['1', '2', '3', '4', '5', '6', '7', '8', 'abc'],
    ],
    ['marks', 'Holds “x” or nothing', ['x', null]],
    ['0 and 1', 'Holds 0 and 1 only', ['0', '1']],
    ['words for no value among texts', '“NULL” (once) is kept as text', ['Ada', 'NULL']],
    ['words for no value among numbers', '“n/a” is read as no value.', ['1', 'n/a']],
    ['blank values', '1 value is blank; “trim” makes them no value.', ['1', '  ']],
    ['padded values', '1 value begins or ends with white space', ['Ada', ' Bob']],
    ['nothing', 'No value was found in the sample', [null]],
  ])('tells of %s', async (_, sentence, texts) => {
    expect((await infer(texts)).problems.join('\n')).toContain(sentence);
  });

  it('reads a column that may be two things as other columns prove', async () => {
    const samples = [
      ['1,234', '1,5', '03/04/2026', '31/12/2026'],
      ['5,678', '2,5', '05/06/2026', '30/12/2026'],
    ];

    const { columns, values } = await inferTypes(namesOf(4), samples);

    expect(columns.map(({ type }) => type)).toEqual(['numeric', 'numeric', 'date', 'date']);
    expect(values).toEqual({ decimal: ',', dates: 'dmy' });
    expect(columns[0]?.problems).toEqual([
      expect.stringContaining('“1,234” can be read in two ways'),
    ]);
    expect(columns[2]?.problems).toEqual([expect.stringContaining('as other columns are')]);
    expect(columns[0]?.confidence).toBeLessThan(columns[1]?.confidence ?? 0);
  });

  it('does not take a point for a separator that nothing proves', async () => {
    const samples = [['1.234', '1,5']];

    const { columns } = await inferTypes(namesOf(2), samples);

    expect(columns.map(({ type }) => type)).toEqual(['text', 'numeric']);
    expect(columns[0]?.problems.join()).toContain('is not written as the numbers of this file');
  });

  it('follows the most columns when they write numbers and dates differently', async () => {
    const samples = [['1,5', '2,5', '3.5', '1/31/2026', '31/1/2026', '30/1/2026']];

    const { columns, values } = await inferTypes(namesOf(6), samples);

    expect(columns.map(({ type }) => type)).toEqual([
      'numeric',
      'numeric',
      'text',
      'text',
      'date',
      'date',
    ]);
    expect(values).toEqual({ decimal: ',', dates: 'dmy' });
    expect(columns[3]?.problems.join()).toContain(
      'month, day, year, while other columns write day',
    );
  });

  it('tells a column of texts that a word for no value goes there, too', async () => {
    const { columns, values } = await inferTypes(namesOf(2), [
      ['1', 'NA'],
      ['NA', 'DE'],
    ]);

    expect(values).toEqual({ nulls: ['NA'] });
    expect(columns[1]).toMatchObject({ type: 'text', filled: 1, empty: 1 });
    expect(columns[1]?.problems.join()).toContain('“NA” (once) is read as no value here, too');
  });

  it('looks at columns one by one, and not at ragged records', async () => {
    const { columns } = await inferTypes(namesOf(2), [['1', 'a'], ['x'], ['2', null]]);

    expect(columns).toMatchObject([
      { type: 'bigint', filled: 2, empty: 0, examples: ['1', '2'] },
      { type: 'text', filled: 1, empty: 1, examples: ['a'] },
    ]);
  });

  it('shows five different examples and no long ones', async () => {
    const texts = ['a', 'a', 'b', 'c', 'd', 'x'.repeat(1000), 'f'];

    expect((await infer(texts)).examples).toEqual(['a', 'b', 'c', 'd', `${'x'.repeat(100)}…`]);
  });

  it('is surer the more values it has seen', async () => {
    const few = (await infer(['1'])).confidence;
    const many = (await infer(Array.from({ length: 99 }, (_, n) => `${n}`))).confidence;

    expect([few, many, (await infer([null])).confidence]).toEqual([0.5, 0.99, 0]);
  });

  it('proposes only what then reads every sampled value', async () => {
    const samples = [
      ['1.234,5', '31.12.2026', 'ja', 'NULL', '00123', '{"a":1}', '5 %'],
      ['7', '01.02.2026 00:00', 'nein', '12', '7', '[]', 'x'],
      [null, null, null, '13', null, null, null],
    ];

    const { columns, values } = await inferTypes(namesOf(7), samples);

    const read = columns.map(({ type }, index) => {
      const reader = valueReader(type, values);
      return samples.map((fields) => reader.read(fields[index] ?? null));
    });
    expect(columns.map(({ type }) => type)).toEqual([
      'numeric',
      'date',
      'boolean',
      'bigint',
      'text',
      'json',
      'text',
    ]);
    expect(
      read
        .map((texts, index) =>
          texts
            .filter((text) => text !== null)
            .map(
              (text) =>
                typeof text === 'string' && checkValue(columns[index]?.type ?? 'json', text),
            ),
        )
        .flat(),
    ).toEqual(Array.from({ length: 14 }, () => 'ok'));
    expect(read[3]).toEqual([null, '12', '13']);
  });
});

async function infer(texts: Values, told: ValueOptions = {}) {
  const { columns, values } = await inferTypes(
    namesOf(1),
    texts.map((text) => [text]),
    told,
  );
  const [column] = columns;
  if (!column) throw new Error('There is one column.');
  expect(values).toEqual({ ...column.values, ...told });
  return column;
}

function namesOf(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    name: `c${index}`,
    original: `c${index}`,
  }));
}
