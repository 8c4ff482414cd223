import type { Random } from './random.mts';

/** A file with some places changed, or a heap of what readers of tables trip over. */
export function anInput(random: Random, corpus: readonly Buffer[]): Buffer {
  if (!random.oneIn(3)) return mutate(random, random.pick(corpus), corpus);
  const few = Array.from({ length: 2 + random.upTo(6) }, () => random.pick(TOKENS));
  const words = [...few, 'a', '1', 'id', '\n'];
  return Buffer.from(random.list(40, () => random.pick(words)).join(''), 'latin1');
}

/** Changes some places of a file: bytes, tokens, pieces taken out, doubled, moved, or from another file. */
export function mutate(random: Random, file: Buffer, others: readonly Buffer[]): Buffer {
  let bytes = file;
  for (let times = random.upTo(6); times > 0; times--) {
    const at = random.upTo(bytes.length + 1);
    const to = Math.min(bytes.length, at + random.upTo(12));
    const [before, piece, after] = [
      bytes.subarray(0, at),
      bytes.subarray(at, to),
      bytes.subarray(to),
    ];
    switch (random.upTo(8)) {
      case 0:
        bytes = Buffer.concat([before, Buffer.from([random.upTo(256)]), after]);
        break;
      case 1:
      case 2:
        bytes = Buffer.concat([before, Buffer.from(random.pick(TOKENS), 'latin1'), piece, after]);
        break;
      case 3:
        bytes = Buffer.concat([before, after]);
        break;
      case 4:
        bytes = Buffer.concat([before, piece, piece, after]);
        break;
      case 5:
        bytes = Buffer.concat([after, before, piece]);
        break;
      case 6:
        bytes = Buffer.concat([before, pieceOf(random, random.pick(others)), piece, after]);
        break;
      default:
        bytes = random.oneIn(3) ? before : flipped(random, bytes);
    }
  }
  return bytes;
}

/** What readers of tables trip over, one character for each byte. */
const TOKENS = [
  ...[
    '"',
    "'",
    '""',
    '\\',
    '\\"',
    ',',
    ';',
    '\t',
    '|',
    '^',
    '\xc2\xa6',
    '\n',
    '\r',
    '\r\n',
    '\n\n',
  ],
  ...[
    '\0',
    '\xff',
    '\xff\xfe',
    '\xff\xfe\xffu',
    '\xef\xbb\xbf',
    '\xc3',
    '\xf0\x9f\x98\x80',
    '\\.',
    '\x1a',
  ],
  ...[
    '{',
    '}',
    '[',
    ']',
    ':',
    '{}',
    '[]',
    '[[[[',
    'null',
    'true',
    '1e5',
    '-',
    '\\u0000',
    '\\ud800',
    '\\u12',
  ],
  ...[
    '<',
    '>',
    '<c>',
    '</c>',
    '<row>',
    '</row>',
    '<v>',
    '&amp;',
    '&#0;',
    '&x;',
    '<!--',
    ']]>',
    '<!DOCTYPE a>',
  ],
];

function pieceOf(random: Random, file: Buffer): Buffer {
  const from = random.upTo(file.length + 1);
  return file.subarray(from, from + random.upTo(30));
}

function flipped(random: Random, bytes: Buffer): Buffer {
  if (bytes.length === 0) return bytes;
  const changed = Buffer.from(bytes);
  const at = random.upTo(bytes.length);
  changed[at] = (changed[at] ?? 0) ^ (1 << random.upTo(8));
  return changed;
}
