import { kindOfCode, kindOfFormat } from './number-format.js';

describe(kindOfCode.name, () => {
  it.each([
    ['General', 'number'],
    ['0.00', 'number'],
    ['#,##0.00\\ "Mrd."', 'number'],
    ['[Red]-#,##0;[Blue]0', 'number'],
    ['0.00E+00', 'number'],
    ['@', 'number'],
    ['0 "days"', 'number'],
    ['0\\d', 'number'],
    ['_-* #,##0.00\\ [$€-407]_-', 'number'],
    ['[$-F400]0', 'number'],
    ['dd.mm.yyyy', 'date'],
    ['[$-409]mmmm d, yyyy;@', 'date'],
    ['yyyy"年"m"月"d"日"', 'date'],
    ['mmm', 'date'],
    ['m', 'date'],
    ['h:mm', 'time'],
    ['mm:ss.0', 'time'],
    ['[$-409]h:mm:ss AM/PM', 'time'],
    ['yyyy-mm-dd hh:mm:ss', 'datetime'],
    ['d/m/yy\\ h:mm;@', 'datetime'],
    ['[h]:mm:ss', 'duration'],
    ['[mm]:ss', 'duration'],
    ['0;yyyy', 'number'],
  ])('takes %s for the format of a %s', (code, kind) => {
    expect(kindOfCode(code)).toBe(kind);
  });

  it.each([
    [0, 'number'],
    [9, 'number'],
    [14, 'date'],
    [21, 'time'],
    [22, 'datetime'],
    [46, 'duration'],
    [49, 'number'],
    [500, 'number'],
  ])('knows the built-in format %i as %s', (id, kind) => {
    expect(kindOfFormat(id, undefined)).toBe(kind);
  });
});
