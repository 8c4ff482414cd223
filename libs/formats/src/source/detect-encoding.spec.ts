import { detectEncoding } from './detect-encoding.js';

describe(detectEncoding.name, () => {
  it.each([
    ['\xef\xbb\xbfid\n', 'utf-8'],
    ['\xff\xfei\0d\0\n\0', 'utf-16le'],
    ['\xfe\xff\0i\0d\0\n', 'utf-16be'],
  ])('is certain of the byte order mark in %j', (text, encoding) => {
    expect(detectEncoding([Buffer.from(text, 'latin1')])).toEqual({
      encoding,
      bom: true,
      confidence: 1,
    });
  });

  it.each<[string, Buffer, string, number, number]>([
    ['plain ASCII, behind which anything may be', Buffer.from('id,name\n'), 'utf-8', 0.8, 0.8],
    ['UTF-8', Buffer.from('id,Größe,€\n'), 'utf-8', 0.99, 0.99],
    [
      'UTF-8 that is cut within a character',
      Buffer.from('id,Größe,€\n').subarray(0, -2),
      'utf-8',
      0.99,
      0.99,
    ],
    [
      'UTF-8 with a wrong byte',
      Buffer.from('K\xc3\xb6ln,M\xc3\xbcnchen,\xff\n', 'latin1'),
      'utf-8',
      0.4,
      0.9,
    ],
    ['UTF-8 with a zero byte', Buffer.from('1,A\0da\n2,Grace\n'), 'utf-8', 0.8, 0.8],
    ['UTF-16 LE', Buffer.from('id;Größe\r\n1;2\r\n', 'utf16le'), 'utf-16le', 0.9, 1],
    ['UTF-16 BE', Buffer.from('id;Größe\r\n1;2\r\n', 'utf16le').swap16(), 'utf-16be', 0.9, 1],
    [
      'UTF-16 in Chinese',
      Buffer.from('编号,姓名\n12,王小明\n13,李小龙\n', 'utf16le'),
      'utf-16le',
      0.8,
      1,
    ],
    [
      'UTF-16 in Chinese, the other way round',
      Buffer.from('编号,姓名\n12,王小明\n', 'utf16le').swap16(),
      'utf-16be',
      0.8,
      1,
    ],
    [
      'Windows-1252 in German',
      Buffer.from('Gr\xf6\xdfe,M\xfcnchen,5 \x80\n', 'latin1'),
      'windows-1252',
      0.7,
      0.95,
    ],
    [
      'Windows-1252 in French',
      Buffer.from('\xe9t\xe9,l\x92\xe9cole\n', 'latin1'),
      'windows-1252',
      0.7,
      0.95,
    ],
    [
      'Cyrillic, which is neither',
      Buffer.from('\xcf\xf0\xe8\xe2\xe5\xf2,\xec\xe8\xf0\n', 'latin1'),
      'windows-1252',
      0,
      0.4,
    ],
    ['bytes that nothing defines', Buffer.from('\x81\x8d\x8f\n', 'latin1'), 'windows-1252', 0, 0.3],
  ])('tells %s', (_, bytes, encoding, least, most) => {
    const found = detectEncoding([bytes]);

    expect(found).toMatchObject({ encoding, bom: false });
    expect(found.confidence).toBeGreaterThanOrEqual(least);
    expect(found.confidence).toBeLessThanOrEqual(most);
  });

  it('looks at pieces from other places, which may begin within a character', () => {
    const head = Buffer.from('id,name\n');
    const utf8 = Buffer.from('ö,Köln\n').subarray(1);
    const latin1 = Buffer.from('K\xf6ln\n', 'latin1');

    expect(detectEncoding([head, utf8])).toMatchObject({ encoding: 'utf-8', confidence: 0.99 });
    expect(detectEncoding([head, latin1])).toMatchObject({ encoding: 'windows-1252' });
  });

  it('takes what was told, and a byte order mark only if it is of that encoding', () => {
    const bytes = Buffer.from('\xef\xbb\xbfid\n', 'latin1');

    expect(detectEncoding([bytes], 'utf-8')).toEqual({
      encoding: 'utf-8',
      bom: true,
      confidence: 1,
    });
    expect(detectEncoding([bytes], 'windows-1252')).toMatchObject({
      encoding: 'windows-1252',
      bom: false,
    });
  });
});
