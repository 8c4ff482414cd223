import { parseMoment, parseSpan } from './parse-moment.js';

const now = new Date('2026-11-22T12:00:00Z');

describe(parseMoment, () => {
  it.each([
    ['2h', '2026-11-22T10:00:00.000Z'],
    ['90m', '2026-11-22T10:30:00.000Z'],
    ['1d12h', '2026-11-21T00:00:00.000Z'],
    ['1w', '2026-11-15T12:00:00.000Z'],
    ['2026-11-22T08:00:00Z', '2026-11-22T08:00:00.000Z'],
    ['2026-11-22T08:00+02:00', '2026-11-22T06:00:00.000Z'],
  ])('reads %s', (text, expected) => {
    expect(parseMoment(text, now)).toBe(expected);
  });

  it('takes a date alone as midnight here', () => {
    expect(parseMoment('2026-11-20', now)).toBe(new Date(2026, 10, 20).toISOString());
  });

  it.each(['', 'yesterday', '2', '2 h', '-2h', '2026-13-01', '2h '])('refuses “%s”', (text) => {
    expect(() => parseMoment(text, now)).toThrow('Give a span like 30m');
  });
});

describe(parseSpan, () => {
  it('adds the parts up in seconds', () => {
    expect([parseSpan('60s'), parseSpan('1h30m'), parseSpan('1.5h')]).toEqual([60, 5400, 5400]);
  });
});
