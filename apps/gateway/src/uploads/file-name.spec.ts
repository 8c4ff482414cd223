import { cleanFileName, dispositionFileName } from './file-name.js';

describe(cleanFileName, () => {
  it.each([
    ['people.csv', 'people.csv'],
    ['../../etc/passwd', 'passwd'],
    [String.raw`C:\Users\ada\people.csv`, 'people.csv'],
    ['a\0b\r\nc.csv', 'abc.csv'],
    ['日本語 👍.csv', '日本語 👍.csv'],
    ['x'.repeat(300), 'x'.repeat(255)],
    [undefined, 'unnamed'],
    ['', 'unnamed'],
    ['..', 'unnamed'],
    ['folder/', 'unnamed'],
  ])('makes %j to %j', (given, clean) => {
    expect(cleanFileName(given)).toBe(clean);
  });
});

describe(dispositionFileName, () => {
  it.each([
    ['attachment; filename="people.csv"', 'people.csv'],
    ['attachment; filename=people.csv', 'people.csv'],
    [String.raw`attachment; filename="a \"b\".csv"`, 'a "b".csv'],
    [`attachment; filename="x.csv"; filename*=UTF-8''na%C3%AFve%20file.csv`, 'naïve file.csv'],
    [`attachment; filename*=iso-8859-1'en'%A3%20rates.csv`, '£ rates.csv'],
    [`attachment; filename="x.csv"; filename*=UTF-8''%ff.csv`, 'x.csv'],
    [Buffer.from('attachment; filename="naïve.csv"').toString('latin1'), 'naïve.csv'],
    ['attachment', undefined],
    [undefined, undefined],
  ])('finds in %j the name %j', (header, name) => {
    expect(dispositionFileName(header)).toBe(name);
  });
});
