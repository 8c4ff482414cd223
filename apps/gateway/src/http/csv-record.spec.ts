import { csvRecord, withoutFormula } from './csv-record.js';

describe(csvRecord, () => {
  it.each([
    [['a', 'b'], 'a,b'],
    [['say "no"', 'a,b', 'two\nlines', 'old\rmac'], '"say ""no""","a,b","two\nlines","old\rmac"'],
    [[null, '', ' '], ',""," "'],
    [[null], '""'],
    [['ä€😀'], 'ä€😀'],
  ])('writes %j', (fields, line) => {
    expect(csvRecord(fields)).toBe(`${line}\r\n`);
  });
});

describe(withoutFormula, () => {
  it.each(['=1+1', '+SUM(A1)', '-cmd|x', '@a', '\tx', '\r=x', '＝1', '-', '+49 30 1'])(
    'takes its power from %j',
    (text) => {
      expect(withoutFormula(text)).toBe(`'${text}`);
    },
  );

  it.each(['', 'a=1', '-12.5', '+1,000', '2026-01-31'])('leaves %j alone', (text) => {
    expect(withoutFormula(text)).toBe(text);
  });
});
