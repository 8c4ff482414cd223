import { bytes, figure, plural } from './numbers.js';
import { ago, span } from './times.js';

const now = new Date('2026-11-22T12:00:00Z');

describe('figures for people', () => {
  it.each([
    [0, '0 s'],
    [59, '59 s'],
    [60, '1 min'],
    [125, '2 min 5 s'],
    [1500, '25 min'],
    [7500, '2 h 5 min'],
    [200_000, '2 d 7 h'],
    [2_000_000, '23 d'],
  ])('are spans: %i s', (seconds, expected) => {
    expect(span(seconds)).toBe(expected);
  });

  it('are times relative to now', () => {
    expect(ago('2026-11-22T11:57:00Z', now)).toBe('3 min ago');
    expect(ago('2026-11-22T12:00:30Z', now)).toBe('now');
    expect(ago(null, now)).toBe('–');
  });

  it('are counts and sizes', () => {
    expect([figure(1_234_567), plural(1, 'row'), plural(2, 'row')]).toEqual([
      '1,234,567',
      '1 row',
      '2 rows',
    ]);
    expect([bytes(0), bytes(999), bytes(1536), bytes(5 * 1024 ** 3)]).toEqual([
      '0 B',
      '999 B',
      '1.5 KiB',
      '5.0 GiB',
    ]);
  });
});
