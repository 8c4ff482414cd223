import type { ColumnType, ValueOptions } from '@offload/contracts';
import { checkValue } from '../csv/validate-value.js';
import { type OwnOptions, valueReader } from './value-reader.js';

const EURO: ValueOptions = { decimal: ',', thousands: '.' };
const SPACED: ValueOptions = { decimal: ',', thousands: ' ' };
const US: ValueOptions = { thousands: ',' };
const DMY: ValueOptions = { dates: 'dmy' };
const MDY: ValueOptions = { dates: 'mdy' };
const YMD: ValueOptions = { dates: 'ymd' };

describe(valueReader.name, () => {
  it.each<[ColumnType, ValueOptions, [text: string, canonical: string][]]>([
    [
      'numeric',
      EURO,
      [
        ['1.234.567,89', '1234567.89'],
        ['-1.234', '-1234'],
        ['1234567', '1234567'],
        ['1234,5', '1234.5'],
        [',5', '.5'],
        ['5,', '5.'],
        [' +12,50 ', '+12.50'],
        ['0,1e-3', '0.1e-3'],
        ['NaN', 'NaN'],
      ],
    ],
    [
      'numeric',
      SPACED,
      [
        ['1 234 567,89', '1234567.89'],
        ['1\u00a0234,5\u00a0', '1234.5'],
        ['12\u202f345', '12345'],
      ],
    ],
    ['numeric', US, [['1,234.5', '1234.5']]],
    ['numeric', { thousands: '.' }, [['1.234,5', '1234.5']]],
    ['double', { thousands: "'" }, [['1’234’567.25', '1234567.25']]],
    ['bigint', EURO, [['12.345', '12345']]],
    ['bigint', { thousands: '_' }, [['1_000', '1000']]],
    [
      'date',
      DMY,
      [
        ['31.01.2026', '2026-01-31'],
        ['1/2/2026', '2026-02-01'],
        ['01-02-2026 ', '2026-02-01'],
        ['29.02.2024 00:00:00', '2024-02-29'],
        ['2026-03-04', '2026-03-04'],
        ['infinity', 'infinity'],
      ],
    ],
    ['date', MDY, [['1/31/2026', '2026-01-31']]],
    [
      'date',
      YMD,
      [
        ['2026/1/31', '2026-01-31'],
        ['20260131', '2026-01-31'],
      ],
    ],
    [
      'timestamptz',
      DMY,
      [
        ['31.01.2026', '2026-01-31'],
        ['31.01.2026, 9:05', '2026-01-31 09:05:00'],
        ['31.01.2026 23:59:59,5 +02:00', '2026-01-31 23:59:59.5+02:00'],
        ['2026-01-31T10:00:00Z', '2026-01-31 10:00:00Z'],
        ['31/01/2026 10:00 UTC', '2026-01-31 10:00:00Z'],
      ],
    ],
    [
      'timestamptz',
      MDY,
      [
        ['1/31/2026 3:45 PM', '2026-01-31 15:45:00'],
        ['1/31/2026 12:00:01 a.m.', '2026-01-31 00:00:01'],
        ['1/31/2026 12:30 pm', '2026-01-31 12:30:00'],
      ],
    ],
    [
      'boolean',
      { trues: ['Ja', 'x'], falses: ['nein', '0'] },
      [
        ['JA', 'true'],
        [' x', 'true'],
        ['Nein', 'false'],
        ['0', 'false'],
        ['yes', 'yes'],
      ],
    ],
    ['boolean', { trues: ['0'], falses: ['1'] }, [['0', 'true']]],
    ['text', { trim: true }, [['\u00a0 00123 ', '00123']]],
    ['text', { ...EURO, ...DMY, nulls: ['-'] }, [['1.234,50', '1.234,50']]],
  ])('reads %s written with %j', (type, values, cases) => {
    const { read } = valueReader(type, values);

    expect(cases.map(([text]) => [text, read(text)])).toEqual(cases);
    expect(
      cases.filter(([, canonical]) => typeof checkValue(type, canonical) === 'object'),
    ).toEqual([]);
  });

  it.each<[ColumnType, ValueOptions, ...string[]]>([
    ['numeric', EURO, '12.34,5', '1.5', '1234.567', '1.2345', '.123', '1..234', '1,2,3', '1,234.5'],
    ['numeric', EURO, '12 %', '€ 5', '1.234 EUR', '1e', '5-', '(5)', '1 2', '0x1F'],
    ['numeric', { decimal: ',' }, '1.5', '1 234,5'],
    ['numeric', US, '1,5', '12,34,567', '1,234,5'],
    ['numeric', SPACED, '1  234', '1 23'],
    ['bigint', EURO, '1,0', '1.234,5', '12.34'],
    [
      'date',
      DMY,
      '1.2.26',
      '31.01/2026',
      '2026/01/31',
      '31.01.2026 10:00',
      '20260131',
      '001.01.2026',
    ],
    ['date', DMY, '31.1.2026x', '31 Jan 2026', '1.2.20261', '46000'],
    [
      'timestamptz',
      MDY,
      '1/31/2026 13:00 PM',
      '1/31/2026 0:10 AM',
      '1/31/2026 25:00',
      '1/31/2026 10',
    ],
    ['date', YMD, '26-01-31', '31.01.2026'],
  ])('refuses, as %s with %j, what is written otherwise', (type, values, ...texts) => {
    const { read } = valueReader(type, values);

    expect(texts.map(read)).toEqual(
      texts.map(() => ({ code: 'not_a_value', message: expect.any(String) })),
    );
  });

  it.each<[ColumnType, ValueOptions, string, string]>([
    [
      'numeric',
      EURO,
      '12.34,5',
      '“12.34,5” is not a number with a decimal comma, with “.” between thousands or nothing.',
    ],
    [
      'bigint',
      { thousands: ' ' },
      '1 23',
      '“1 23” is not a whole number with a space between thousands or nothing.',
    ],
    [
      'date',
      DMY,
      '01/31/2026',
      '“01/31/2026” is a date that does not exist, read as day, month, year.',
    ],
    [
      'date',
      MDY,
      '1/31/26',
      '“1/31/26” has a year of two digits, which may be of any century: write all four.',
    ],
    [
      'date',
      DMY,
      '31.1.2026 10:00',
      '“31.1.2026 10:00” has a time of day, which a date cannot keep.',
    ],
    [
      'timestamptz',
      YMD,
      '31.1.2026',
      '“31.1.2026” is not a date and time written as year, month, day.',
    ],
  ])('says of the %s with %j what is wrong with %s', (type, values, text, message) => {
    expect(valueReader(type, values).read(text)).toMatchObject({ message });
  });

  it.each<[ColumnType, ValueOptions, OwnOptions, text: string | null, result: string | null]>([
    ['text', {}, {}, '', ''],
    ['text', {}, {}, null, null],
    ['bigint', {}, {}, '', null],
    ['text', { nulls: ['NULL'] }, {}, 'NULL', null],
    ['text', { nulls: ['NULL'] }, {}, 'null', 'null'],
    ['text', { nulls: ['NULL'] }, {}, ' NULL', ' NULL'],
    ['bigint', { nulls: ['NULL'] }, {}, ' NULL', null],
    ['bigint', { nulls: ['n/a'] }, {}, '12', '12'],
    ['text', { nulls: [''] }, {}, '', null],
    ['text', { trim: true }, {}, '   ', null],
    ['bigint', { trim: true }, {}, ' \u00a0', null],
    ['text', { trim: true, nulls: ['-'] }, {}, ' - ', null],
    ['text', { nulls: ['NA'] }, { nulls: [] }, 'NA', 'NA'],
    ['text', { nulls: ['NA'] }, { nulls: ['-'] }, '-', null],
    ['text', {}, { transforms: ['lower'], nulls: ['none'] }, 'NONE', null],
    ['text', {}, { transforms: ['trim', 'squeeze', 'upper'] }, ' a \t b ', 'A B'],
    ['boolean', { falses: [''] }, {}, null, 'false'],
    ['boolean', { falses: [''] }, {}, '', 'false'],
    ['bigint', { falses: [''] }, {}, '', null],
  ])('makes of the %s with %j and %j of %j: %j', (type, values, own, text, result) => {
    expect(valueReader(type, values, own).read(text)).toBe(result);
  });

  it.each<[boolean, ColumnType, ValueOptions, OwnOptions]>([
    [true, 'text', {}, {}],
    [true, 'numeric', { decimal: '.' }, {}],
    [true, 'bigint', { decimal: ',', dates: 'dmy', trues: ['ja'] }, {}],
    [true, 'uuid', { ...EURO, ...DMY, trues: ['ja'] }, {}],
    [true, 'text', { nulls: ['NA'] }, { nulls: [] }],
    [false, 'numeric', { decimal: ',' }, {}],
    [false, 'bigint', { thousands: ',' }, {}],
    [false, 'date', { dates: 'ymd' }, {}],
    [false, 'boolean', { trues: ['ja'] }, {}],
    [false, 'text', { nulls: ['NA'] }, {}],
    [false, 'json', { trim: true }, {}],
    [false, 'text', {}, { transforms: ['lower'] }],
  ])('is plain (%s) for %s with %j and %j', (isPlain, type, values, own) => {
    expect(valueReader(type, values, own).isPlain).toBe(isPlain);
  });

  it.each<[ValueOptions, string]>([
    [{ decimal: ',', thousands: ',' }, '“,” cannot separate both decimals and thousands'],
    [{ trues: ['X'], falses: ['x'] }, '“X” cannot mean both true and false'],
  ])('refuses options that contradict each other: %j', (values, reason) => {
    expect(() => valueReader('text', values)).toThrow(reason);
  });
});
