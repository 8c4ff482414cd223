import { cleanFileName, dispositionFileName } from '../file-name.js';
import { attachment } from './attachment.js';
import { parseRange } from './parse-range.js';

describe(parseRange, () => {
  it.each([
    ['bytes=0-99', { from: 0, to: 100 }],
    ['bytes=990-', { from: 990, to: 1000 }],
    ['bytes=990-5000', { from: 990, to: 1000 }],
    ['bytes=-10', { from: 990, to: 1000 }],
    ['bytes=-5000', { from: 0, to: 1000 }],
    ['bytes=1000-', 'none'],
    ['bytes=-0', 'none'],
    ['bytes=9-3', 'all'],
    ['bytes=-', 'all'],
    ['bytes=0-1,5-6', 'all'],
    ['rows=0-1', 'all'],
    [undefined, 'all'],
  ])('makes %j of 1000 bytes to %j', (header, range) => {
    expect(parseRange(header, 1000)).toEqual(range);
  });
});

describe(attachment, () => {
  it('writes a plain name plainly', () => {
    expect(attachment('people (1).csv')).toBe('attachment; filename="people (1).csv"');
  });

  it.each(['naïve 👍.csv', '50%.csv', 'a"b\\c.csv', "it's;x=1.csv", '日本語'])(
    'writes %s so that it is read as the same',
    (name) => {
      const header = attachment(name);

      expect(header).toMatch(/^[\x20-\x7e]+$/);
      expect(dispositionFileName(header)).toBe(name);
    },
  );

  it('writes whatever becomes of a name on one line', () => {
    expect(attachment(cleanFileName('a\r\nSet-Cookie: x=1'))).toMatch(/^[\x20-\x7e]+$/);
  });
});
