import type { ValueOptions } from '@offload/contracts';
import fc from 'fast-check';
import { valueReader } from './value-reader.js';

/** Whatever way of writing the options describe, writing a value that way and reading it gives the value again. */
describe(valueReader.name, () => {
  it('reads a number back, with whatever it was written', () => {
    fc.assert(
      fc.property(numbers, numberStyles, fc.boolean(), (number, style, isGrouped) => {
        const { read } = valueReader('numeric', style.options);

        expect(read(writeNumber(number, style, isGrouped))).toBe(plain(number));
      }),
    );
  });

  it('reads a number with any other separators as the same number or as a problem', () => {
    fc.assert(
      fc.property(numbers, numberStyles, numberStyles, (number, written, told) => {
        // `1.234` is told to be a number with thousands, and one with decimals otherwise: that is what telling is for.
        const canMeanBoth =
          written.decimal === told.thousands || written.thousands === told.decimal;
        fc.pre(!canMeanBoth);

        const read = valueReader('numeric', told.options).read(writeNumber(number, written, true));

        expect([plain(number), undefined]).toContain(textOf(read));
      }),
    );
  });

  it('reads a moment back, in whatever order it was written', () => {
    fc.assert(
      fc.property(moments, orders, separators, clocks, (moment, dates, separator, clock) => {
        const iso = moment.toISOString();
        const [year, month, day] = iso.slice(0, 10).split('-') as [string, string, string];
        const parts = { dmy: [day, month, year], mdy: [month, day, year], ymd: [year, month, day] };
        const written = `${parts[dates].join(separator)} ${clock(moment)}`;

        const read = valueReader('timestamptz', { dates }).read(written);

        expect(new Date(`${textOf(read)}Z`).toISOString()).toBe(iso);
      }),
    );
  });

  it('never throws and never hangs on any text', () => {
    const types = fc.constantFrom('numeric', 'bigint', 'date', 'timestamptz', 'boolean', 'text');
    const soup = fc.string({
      unit: fc.constantFrom(...Array.from("0123456789,.'_ -+/:eTZPM\u00a0\u202f")),
    });
    fc.assert(
      fc.property(types, numberStyles, orders, soup, (type, { options }, dates, text) => {
        const result = valueReader(type, { ...options, dates, trues: ['1'] }).read(text);

        expect(['string', 'object']).toContain(typeof result);
      }),
    );
  });
});

interface NumberStyle {
  decimal: string;
  thousands: string;
  options: ValueOptions;
}

interface SomeNumber {
  isNegative: boolean;
  whole: string;
  fraction: string;
}

const numbers: fc.Arbitrary<SomeNumber> = fc.record({
  isNegative: fc.boolean(),
  whole: fc.bigInt({ min: 0n, max: 10n ** 24n }).map(String),
  fraction: fc.string({ unit: fc.constantFrom(...Array.from('0123456789')), maxLength: 8 }),
});

const numberStyles: fc.Arbitrary<NumberStyle> = fc.constantFrom(
  aStyle('.', ',', ','),
  aStyle(',', '.', '.'),
  aStyle(',', ' ', ' '),
  aStyle(',', ' ', '\u00a0'),
  aStyle(',', ' ', '\u202f'),
  aStyle('.', "'", '’'),
  aStyle('.', '_', '_'),
);

function aStyle(
  decimal: '.' | ',',
  thousands: NonNullable<ValueOptions['thousands']>,
  written: string,
): NumberStyle {
  return { decimal, thousands: written, options: { decimal, thousands } };
}

function writeNumber(number: SomeNumber, style: NumberStyle, isGrouped: boolean): string {
  const { isNegative, whole, fraction } = number;
  const digits = isGrouped ? whole.replace(/\B(?=(\d{3})+$)/g, style.thousands) : whole;
  return `${isNegative ? '-' : ''}${digits}${fraction && style.decimal}${fraction}`;
}

function plain({ isNegative, whole, fraction }: SomeNumber): string {
  return `${isNegative ? '-' : ''}${whole}${fraction && '.'}${fraction}`;
}

function textOf(result: string | object | null): string | undefined {
  return typeof result === 'string' ? result : undefined;
}

const moments = fc.date({
  min: new Date('1000-01-01'),
  max: new Date('9999-12-31'),
  noInvalidDate: true,
});
const orders = fc.constantFrom('dmy' as const, 'mdy' as const, 'ymd' as const);
const separators = fc.constantFrom('.', '/', '-');
const clocks = fc.constantFrom(
  (moment: Date) => moment.toISOString().slice(11, 23),
  (moment: Date) => moment.toISOString().slice(11, 23).replace('.', ','),
  (moment: Date) => {
    const hour = moment.getUTCHours();
    return `${hour % 12 || 12}${moment.toISOString().slice(13, 23)} ${hour < 12 ? 'am' : 'PM'}`;
  },
);
