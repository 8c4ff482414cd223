import { gzipSync } from 'node:zlib';
import { workbookOf, zipOf } from './archives.mts';
import {
  fileOf,
  formats,
  must,
  mustEqual,
  outcomeOf,
  PLAIN,
  readPlain,
  type ResolvedSource,
} from './formats.mts';
import { anInput, mutate } from './mutate.mts';
import { convertTwice, plainOf, type Target } from './oracles.mts';
import type { Random } from './random.mts';

/** Whole files: what they are, archives, workbooks. */
export const FILE_TARGETS: Record<string, Target> = {
  /** Any bytes at all: told what they are or refused, and converted or refused. */
  detect: async (random, corpus, note) => {
    const input = wrapped(random, anInput(random, corpus));
    note({ input, about: {} });
    const name = random.pick(['rows', 'rows.csv', 'rows.json', 'rows.ndjson', 'rows.csv.gz']);
    const read = () => formats.detectSource(fileOf(random, input, name), {}, LIMITS);
    const outcome = await outcomeOf(async () => Buffer.from(JSON.stringify(await read())));
    if (typeof outcome === 'string') return;
    const { format, packing, entry, encoding, bom, encodingConfidence } = await read();
    must(encodingConfidence > 0 && encodingConfidence <= 1, 'a confidence lies between 0 and 1');
    const source = {
      ...PLAIN,
      format,
      packing,
      encoding,
      bom,
      ...(entry === undefined ? {} : { entry }),
    };
    const converted = await convertTwice(random, input, source);
    if (typeof converted !== 'string')
      readPlain(random, converted, { ...plainOf(source), delimiter: ',' });
  },

  /** Damaged archives: refused, or exactly what was packed. */
  packed: async (random, corpus, note) => {
    const content = random.pick(corpus);
    const packing = random.pick(['gzip', 'zip'] as const);
    const whole =
      packing === 'gzip' ? gzipSync(content) : zipOf({ 'rows.csv': content }, random.oneIn(2));
    const input = mutate(random, whole, [whole]);
    note({ input, about: { packing } });
    const converted = await convertTwice(random, input, { ...PLAIN, packing });
    if (typeof converted === 'string') return;
    must(isRepeated(converted, content), 'what is unpacked is what was packed');
  },

  /** Workbooks with a broken part: refused, or rows that can be read; whole ones give every cell. */
  workbook: async (random, corpus, note) => {
    const texts = random.list(6, () => random.list(4, () => random.pick(CELL_TEXTS)));
    const breakPart = (part: Buffer): Buffer => mutate(random, part, corpus);
    const broken = random.oneIn(4)
      ? undefined
      : random.pick(['sheet', 'strings', 'styles', 'workbook', 'zip'] as const);
    const built = workbookOf(texts, broken === undefined ? {} : { [broken]: breakPart });
    note({ input: built, about: { texts, broken } });
    const source: ResolvedSource = { ...PLAIN, format: 'xlsx', header: false };
    const converted = await convertTwice(random, built, source);
    if (typeof converted === 'string') {
      must(broken !== undefined, `a whole workbook is read, not refused with ${converted}`);
      return;
    }
    const records = readPlain(random, converted, { ...PLAIN, format: 'ndjson' });
    if (typeof records === 'string') throw new Error(`Refused with ${records}.`);
    must(
      records.every(({ problems }) => problems.every(({ code }) => code !== 'invalid_json')),
      'rows are JSON',
    );
    if (broken !== undefined) return;
    const width = texts.find((row) => row.length > 0)?.length ?? 0;
    const expected = texts
      .filter((row) => row.length > 0)
      .map((row) => [...row, ...Array.from({ length: width - row.length }, () => null)]);
    mustEqual(
      records.map(({ fields }) => fields),
      expected,
      'every cell arrives',
    );
  },
};

const LIMITS = { maxInflatedBytes: 1024 * 1024, maxEntries: 20, recordLimit: 1024 * 1024 };
const CELL_TEXTS = ['a', '', ' ', 'é😀', '<&>"', 'a\nb', '1.50', '_x000', "'"];

function isRepeated(bytes: Buffer, content: Buffer): boolean {
  if (content.length === 0) return bytes.length === 0;
  const times = bytes.length / content.length;
  return (
    Number.isInteger(times) &&
    bytes.equals(Buffer.concat(Array.from({ length: times }, () => content)))
  );
}

function wrapped(random: Random, bytes: Buffer): Buffer {
  switch (random.upTo(6)) {
    case 0:
      return gzipSync(bytes);
    case 1:
      return zipOf({ 'rows.csv': bytes, ...(random.oneIn(3) ? { other: bytes } : {}) }, true);
    case 2:
      return Buffer.concat([Buffer.from('\uFEFF'), bytes]);
    default:
      return bytes;
  }
}
