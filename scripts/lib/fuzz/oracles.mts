import {
  formats,
  fileOf,
  collect,
  must,
  outcomeOf,
  PLAIN,
  type ResolvedSource,
  type SourceRecord,
} from './formats.mts';
import type { Random } from './random.mts';

/** What is being read, for whoever has to repeat it. */
export interface Case {
  input: Buffer;
  about: unknown;
}

/** Makes one input, and throws when what is promised of it does not hold. */
export type Target = (
  random: Random,
  corpus: readonly Buffer[],
  note: (found: Case) => void,
) => Promise<void>;

export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const;
const LIMITS = { maxInflatedBytes: 1024 * 1024, maxEntries: 20, recordLimit: 1024 * 1024 };

export function aPlainDialect(random: Random): ResolvedSource {
  return {
    ...PLAIN,
    delimiter: random.pick([',', ';', '\t', '|']),
    newline: random.pick(['lf', 'crlf', 'cr']),
  };
}

/** How to read what a conversion makes; anything will do when it refuses. */
export function plainOf(source: ResolvedSource): ResolvedSource {
  try {
    return formats.convertSource(NO_FILE, source).plain;
  } catch (error) {
    if (error instanceof formats.FileRefused) return PLAIN;
    throw error;
  }
}

const NO_FILE = { name: '', size: 0, read: () => Promise.reject(new Error('It is not read.')) };

/**
 * Converts the same bytes in different buffers; the outcome must be the same. Of a damaged archive it may show
 * first that its contents are wrong or that their checksum is: then it only must be refused.
 */
export async function convertTwice(
  random: Random,
  input: Buffer,
  source: ResolvedSource,
  limits: object = {},
): Promise<Buffer | string> {
  const convert = () =>
    outcomeOf(async () =>
      collect(formats.convertSource(fileOf(random, input), source, { ...LIMITS, ...limits }).bytes),
    );
  const [once, again] = [await convert(), await convert()];
  const isPacked = source.packing !== 'none' || source.format === 'xlsx';
  const isSame =
    typeof once === 'string' || typeof again === 'string'
      ? once === again || (isPacked && typeof once === typeof again)
      : once.equals(again);
  must(isSame, `buffers do not matter (${show(once)} or ${show(again)})`);
  return once;
}

function show(outcome: Buffer | string): string {
  return typeof outcome === 'string'
    ? outcome
    : JSON.stringify(outcome.toString('latin1').slice(0, 300));
}

export function seen(
  records: SourceRecord[] | string,
  change: (field: string | null) => string | null = (field) => field,
): unknown {
  if (typeof records === 'string') return records;
  return records.map(({ row, line, fields, problems }) => ({
    row,
    line,
    fields: fields.map(change),
    problems: problems.map(({ code, field }) => `${field} ${code}`),
  }));
}

export function isUtf8(bytes: Buffer): boolean {
  return Buffer.from(bytes.toString('utf8')).equals(bytes);
}

export function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
