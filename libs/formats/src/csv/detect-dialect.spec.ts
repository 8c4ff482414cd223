import { detectDialect } from './detect-dialect.js';

describe(detectDialect.name, () => {
  it.each([
    [',', 'a,b\n1,2\n'],
    [';', 'a;b;c\n1,5;2,5;3,5\n'],
    ['\t', 'a\tb\n1,1\t2\n'],
    ['|', 'a|b\n"x,y"|2\n'],
    [',', 'name\nAda\nGrace\n'],
    [',', 'id,a;b;c\n1,x\n2,y;z\n'],
    [';', 'id;text\n1;"a,b\nc,d"\n2;e\n'],
    [',', ''],
  ])('finds the delimiter %j', (delimiter, text) => {
    expect(detectDialect(Buffer.from(text)).delimiter).toBe(delimiter);
  });

  it('believes most records when some are ragged', () => {
    const text = `a,b,c\n${'1,2,3\n'.repeat(9)}1,2\n`;

    expect(detectDialect(Buffer.from(text)).delimiter).toBe(',');
  });

  it.each([
    ['lf', 'a,b\n1,2\n'],
    ['crlf', 'a,b\r\n1,2\r\n'],
    ['cr', 'a,b\r1,2\r'],
    ['crlf', 'a,b\r\n1,"x\ny\nz"\r\n'],
    ['lf', 'a,b\n1,"x\r\ny\r\nz"\n'],
    ['cr', 'a,b\r1,"x\ny\nz"\r'],
    ['lf', 'a,b'],
  ])('finds that records end with %s', (newline, text) => {
    expect(detectDialect(Buffer.from(text)).newline).toBe(newline);
  });

  it('finds the byte order mark', () => {
    expect(detectDialect(Buffer.from('\uFEFFa,b\n'))).toMatchObject({ bom: true, delimiter: ',' });
  });

  it('says that UTF-16 is not read', () => {
    const utf16 = Buffer.from('\uFEFFa,b\n', 'utf16le');

    expect(() => detectDialect(utf16)).toThrow(
      expect.objectContaining({ code: 'encoding_unsupported' }),
    );
  });
});
