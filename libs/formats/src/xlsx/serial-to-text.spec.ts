import fc from 'fast-check';
import { serialToText } from './serial-to-text.js';

describe(serialToText.name, () => {
  it.each([
    [1, '1900-01-01'],
    [59, '1900-02-28'],
    [60, '1900-02-29'],
    [61, '1900-03-01'],
    [25569, '1970-01-01'],
    [45322, '2024-01-31'],
    [2958465, '9999-12-31'],
    [45322.5, '2024-01-31T12:00:00'],
    [0, '1900-01-00'],
  ])('counts %d days from 1900 to %s', (serial, text) => {
    expect(serialToText(serial, 'date', FROM_1900)).toBe(text);
  });

  it.each([
    [0, '1904-01-01'],
    [60, '1904-03-01'],
    [43860, '2024-01-31'],
  ])('counts %d days from 1904 to %s', (serial, text) => {
    expect(serialToText(serial, 'date', { is1904: true })).toBe(text);
  });

  it.each<[number, 'time' | 'datetime' | 'duration', string]>([
    [0.5, 'time', '12:00:00'],
    [45322.25, 'time', '2024-01-31T06:00:00'],
    [45322, 'datetime', '2024-01-31T00:00:00'],
    [45322.000011574, 'datetime', '2024-01-31T00:00:01'],
    [45322.99999999, 'datetime', '2024-01-31T23:59:59.999'],
    [45322.999999999, 'datetime', '2024-02-01T00:00:00'],
    [1.25, 'duration', '30:00:00'],
  ])('writes %d as a %s: %s', (serial, kind, text) => {
    expect(serialToText(serial, kind, FROM_1900)).toBe(text);
  });

  it.each([-1, 2958466, NaN, Infinity])('has no date for %d', (serial) => {
    expect(serialToText(serial, 'date', FROM_1900)).toBeUndefined();
  });

  it('gives back every moment, to the millisecond', () => {
    const from = Date.UTC(1900, 2, 1);
    const to = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
    fc.assert(
      fc.property(fc.integer({ min: from, max: to }), (ms) => {
        const serial = ms / 86_400_000 + 25_569;

        const text = serialToText(serial, 'datetime', FROM_1900);

        expect(new Date(`${text}Z`).getTime()).toBe(ms);
      }),
    );
  });
});

const FROM_1900 = { is1904: false };
