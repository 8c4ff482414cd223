import { mustEqual, PLAIN, readPlain } from './formats.mts';
import { anInput } from './mutate.mts';
import { aPlainDialect, convertTwice, ENCODINGS, plainOf, seen, type Target } from './oracles.mts';

/** CSV and encodings. */
export const TEXT_TARGETS: Record<string, Target> = {
  /** Plain CSV: scanned and read, nothing is lost, whatever the bytes. */
  csv: async (random, corpus, note) => {
    const input = anInput(random, corpus);
    const source = aPlainDialect(random);
    const recordLimit = random.pick([12, 100, 8 * 1024 * 1024]);
    note({ input, about: { source, recordLimit } });
    const once = readPlain(random, input, source, { recordLimit });
    mustEqual(
      seen(readPlain(random, input, source, { recordLimit })),
      seen(once),
      'buffers do not matter',
    );
  },

  /** Re-written CSV reads as the plain one does, once delimiter and quote are other characters. */
  odd: async (random, corpus, note) => {
    const plain = aPlainDialect(random);
    const [delimiter, quote] = random.pick(ODD_PAIRS);
    // A file that has the mark of a conversion in it is rejected for another reason than it should be.
    const text = anInput(random, corpus).toString('latin1').replaceAll('\xff\xfe\xff', '');
    const swap = (each: string): string =>
      each
        .replaceAll(plain.delimiter, '\u0100')
        .replaceAll('"', '\u0101')
        .replaceAll(delimiter, '\u0102')
        .replaceAll(quote, '\u0103');
    const odd = swap(text)
      .replaceAll('\u0100', delimiter)
      .replaceAll('\u0101', quote)
      .replaceAll('\u0102', plain.delimiter)
      .replaceAll('\u0103', '"');
    const input = Buffer.from(odd, 'latin1');
    const source = { ...plain, delimiter: utf8(delimiter), quote: utf8(quote) };
    note({ input, about: { source } });

    const direct = readPlain(random, Buffer.from(text, 'latin1'), plain);
    const converted = await convertTwice(random, input, source);
    const records =
      typeof converted === 'string' ? converted : readPlain(random, converted, plainOf(source));
    const back = (field: string | null): string | null =>
      field === null
        ? null
        : Buffer.from(field)
            .toString('latin1')
            .replaceAll(delimiter, '\u0100')
            .replaceAll(quote, '\u0101')
            .replaceAll(plain.delimiter, '\u0102')
            .replaceAll('"', '\u0103');
    const there = (field: string | null): string | null =>
      field === null ? null : swap(Buffer.from(field).toString('latin1'));
    mustEqual(seen(records, back), seen(direct, there), 'a dialect is only another way to write');
  },

  /** Any dialect, also with escapes, skipped lines and footers: the same whatever the buffers, and readable. */
  dialects: async (random, corpus, note) => {
    const characters = [',', ';', '\t', '"', "'", '\\', '^', '¦', '😀', 'a', ' '];
    const source = {
      ...aPlainDialect(random),
      delimiter: random.pick(characters),
      quote: random.pick([null, ...characters]),
      escape: random.pick([null, ...characters]),
      skip: random.upTo(4),
      footer: random.upTo(3),
      encoding: random.pick(ENCODINGS),
    };
    const input = anInput(random, corpus);
    const recordLimit = random.pick([12, 100, 8 * 1024 * 1024]);
    note({ input, about: { source, recordLimit } });
    const converted = await convertTwice(random, input, source, { recordLimit });
    if (typeof converted !== 'string') readPlain(random, converted, plainOf(source));
  },

  /** Any bytes in any encoding come to the text that browsers see, and what is none is told. */
  encodings: async (random, corpus, note) => {
    const encoding = random.pick(ENCODINGS);
    const some = anInput(random, corpus);
    const input = random.oneIn(2) ? Buffer.from(some.toString('utf8'), 'utf16le') : some;
    note({ input, about: { encoding } });
    const converted = await convertTwice(random, input, { ...PLAIN, encoding, packing: 'none' });
    if (typeof converted === 'string' || encoding === 'windows-1252') return;
    const decoder = new TextDecoder(encoding, { ignoreBOM: true });
    mustEqual(converted.toString(), decoder.decode(input), 'the text is that of the encoding');
  },
};

/** Delimiters and quotes, one character for each byte. */
const ODD_PAIRS: [string, string][] = [
  ['^', '~'],
  ['\xc2\xa6', "'"],
  ['\xf0\x9f\x98\x80', '\xe2\x80\x9c'],
  ['#', '\xc2\xb4'],
];

function utf8(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
