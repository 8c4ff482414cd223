import type { ColumnType } from '@offload/contracts';
import { checkValue } from './validate-value.js';

describe(checkValue.name, () => {
  it.each<[ColumnType, ...string[]]>([
    ['text', '', 'anything', '😀'],
    ['bigint', '0', '-0', '+1', ' 5 ', '00123', '9223372036854775807', '-9223372036854775808'],
    ['numeric', '1', '1.', '.5', '-1.5e10', '99999999999999999999999999'],
    ['double', '1', '1.5', '1e300', '-0', '0e999'],
    ['boolean', 'true', 'FALSE', 't', 'tru', 'yes', 'n', 'on', 'of', '1', '0', ' f '],
    ['date', '2024-02-29', '2000-02-29', '0001-01-01', '9999-12-31'],
    [
      'timestamptz',
      '2024-01-01',
      '2024-01-01 10:00',
      '2024-01-01T10:00:00.123456Z',
      '2024-01-01 10:00:00 +02:00',
    ],
    ['uuid', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{A0EEBC999C0B4EF8BB6D6BB9BD380A11}'],
  ])('accepts as %s what PostgreSQL surely accepts', (type, ...texts) => {
    expect(texts.filter((text) => checkValue(type, text) !== 'ok')).toEqual([]);
  });

  it.each<[ColumnType, ...string[]]>([
    ['bigint', '0x1F', '1_000'],
    ['numeric', 'NaN', 'Infinity', '1e5000', '1e 5', '1e1_0'],
    ['double', 'NaN', '-inf', '1e-310', '0x1p3'],
    ['date', '12/31/2024', '2024-1-1', 'today', 'infinity', '20240101', '2024-01-01 10:00'],
    ['timestamptz', '2024-01-01 24:00:00', '2024-01-01T23:59:60Z', '2024-01-01 10:00 PM', 'now'],
  ])('leaves to PostgreSQL what it may accept as %s', (type, ...texts) => {
    expect(texts.filter((text) => checkValue(type, text) !== 'unsure')).toEqual([]);
  });

  it.each<[ColumnType, string, string]>([
    ['bigint', 'abc', '“abc” is not a whole number.'],
    ['bigint', '1.5', '“1.5” is not a whole number.'],
    ['bigint', '', 'An empty text is not a whole number.'],
    ['bigint', '9223372036854775808', '“9223372036854775808” is too large for the type bigint.'],
    ['bigint', '-9223372036854775809', '“-9223372036854775809” is too large for the type bigint.'],
    ['numeric', '1,5', '“1,5” is not a number.'],
    ['double', '1e400', '“1e400” is too large for the type double.'],
    ['boolean', 'maybe', '“maybe” is not true or false.'],
    ['boolean', 'o', '“o” is not true or false.'],
    ['date', 'n/a', '“n/a” is not a date.'],
    ['date', '2023-02-29', '“2023-02-29” is a date that does not exist.'],
    ['date', '1900-02-29', '“1900-02-29” is a date that does not exist.'],
    [
      'timestamptz',
      '2024-01-01 25:00',
      '“2024-01-01 25:00” is a date and time that does not exist.',
    ],
    [
      'uuid',
      ' a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
      '“ a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11” is not a UUID.',
    ],
    ['text', 'a\0b', '“a␀b” contains a zero byte, which no value can have.'],
  ])('says of the %s %j what is wrong', (type, text, message) => {
    expect(checkValue(type, text)).toMatchObject({ message });
  });

  it('shows only the beginning of a long text', () => {
    expect(checkValue('bigint', 'x'.repeat(1000))).toEqual({
      code: 'not_a_value',
      message: `“${'x'.repeat(60)}…” is not a whole number.`,
    });
  });

  it('stays quick on long digits', () => {
    expect(checkValue('bigint', '9'.repeat(1_000_000))).toMatchObject({ code: 'out_of_range' });
  });
});
