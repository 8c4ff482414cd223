import fc from 'fast-check';
import { decodeText, withoutBom } from './decode-text.js';
import { collect, cut } from './file-harness.js';

describe(decodeText.name, () => {
  it('gives back every text, wherever its bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary' }),
        fc.infiniteStream(fc.integer({ min: 1, max: 5 })),
        async (text, sizes) => {
          const littleEndian = Buffer.from(text, 'utf16le');

          const [le, be, utf8] = await Promise.all([
            collect(decodeText(cut(littleEndian, sizes), 'utf-16le')),
            collect(decodeText(cut(Buffer.from(littleEndian).swap16(), sizes), 'utf-16be')),
            collect(decodeText(cut(text, sizes), 'utf-8')),
          ]);

          expect([le, be, utf8].map(String)).toEqual([text, text, text]);
        },
      ),
    );
  });

  it('reads every byte of Windows-1252 as browsers do, but for the five that are undefined', async () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

    const text = await collect(decodeText(cut(all), 'windows-1252'));

    expect(text.subarray(0, 128)).toEqual(all.subarray(0, 128));
    expect(text.toString().slice(128)).toBe(
      '€\uFFFD‚ƒ„…†‡ˆ‰Š‹Œ\uFFFDŽ\uFFFD\uFFFD‘’“”•–—˜™š›œ\uFFFDžŸ' +
        Array.from({ length: 96 }, (_, index) => String.fromCharCode(0xa0 + index)).join(''),
    );
    expect(text.filter((byte) => byte === 0xff)).toHaveLength(5);
  });

  it.each([
    ['half a pair before a letter', 'utf-16le', [0x3d, 0xd8, 0x41, 0x00], '\xffA'],
    ['the second half alone', 'utf-16be', [0xde, 0x00, 0x00, 0x41], '\xffA'],
    ['half a pair at the end', 'utf-16le', [0x41, 0x00, 0x3d, 0xd8], 'A\xff'],
    ['half a letter at the end', 'utf-16be', [0x00, 0x41, 0x00], 'A\xff'],
  ] as const)('makes %s a byte that no UTF-8 has', async (_, encoding, bytes, text) => {
    const decoded = await collect(decodeText(cut(Buffer.from(bytes), [1]), encoding));

    expect(decoded.toString('latin1')).toBe(text);
  });

  it('leaves UTF-8 as it is, also where it is wrong', async () => {
    const bytes = Buffer.from('a\xff\xc3', 'latin1');

    expect(await collect(decodeText(cut(bytes, [1]), 'utf-8'))).toEqual(bytes);
  });
});

describe(withoutBom.name, () => {
  it.each([
    ['\uFEFFid', 'id'],
    ['\uFEFF', ''],
    ['id\uFEFF', 'id\uFEFF'],
    ['i', 'i'],
    ['', ''],
  ])('makes %j of it: %j', async (text, rest) => {
    expect((await collect(withoutBom(cut(text, [1])))).toString()).toBe(rest);
  });
});
