import { must, mustEqual, PLAIN, readPlain, type ResolvedSource } from './formats.mts';
import { anInput } from './mutate.mts';
import { convertTwice, isUtf8, parsed, type Target } from './oracles.mts';

/** JSON, compared with JSON.parse. */
export const JSON_TARGETS: Record<string, Target> = {
  /** Lines of JSON: a line is invalid just when JSON.parse says so, and what is valid arrives or is told. */
  ndjson: async (random, corpus, note) => {
    const input = anInput(random, corpus);
    note({ input, about: {} });
    const columns = ['id', 'name', 'a'];
    const records = readPlain(random, input, { ...PLAIN, format: 'ndjson' }, { columns });
    if (typeof records === 'string') throw new Error(`Refused with ${records}.`);
    for (const { raw, fields, problems } of records) {
      const value = parsed(raw);
      const codes = problems.map(({ code }) => code);
      if (codes.includes('invalid_utf8') || codes.includes('formula_without_value')) continue;
      if (!isUtf8(raw)) {
        must(codes.length > 0, 'bytes that are no text are told');
        continue;
      }
      must(codes.includes('invalid_json') === (value === undefined), 'invalid lines are told');
      if (codes.length > 0 || value === undefined) continue;
      const expected = Array.isArray(value)
        ? value
        : columns.map((name) => (value as Record<string, unknown>)[name]);
      mustEqual(fields.map(loosely), expected.map(loosely), 'values arrive');
    }
  },

  /** A JSON array: what JSON.parse reads arrives, and what it does not is told. */
  json: async (random, corpus, note) => {
    const input = anInput(random, corpus);
    note({ input, about: {} });
    const source: ResolvedSource = { ...PLAIN, format: 'json' };
    const converted = await convertTwice(random, input, source);
    const value = parsed(input);
    if (typeof converted === 'string') {
      must(!Array.isArray(value) || converted === 'json_malformed', 'an array is read');
      return;
    }
    const records = readPlain(random, converted, { ...PLAIN, format: 'ndjson' });
    if (typeof records === 'string') throw new Error(`Refused with ${records}.`);
    if (!isUtf8(input)) return;
    if (!Array.isArray(value)) {
      must(
        records.some(({ problems }) => problems.some(({ code }) => code === 'invalid_json')),
        'what is no JSON is told',
      );
      return;
    }
    mustEqual(
      records.map(({ raw }) => parsed(raw)),
      value,
      'every element arrives',
    );
  },
};

/** Texts as they are, everything else by its value, since a number keeps its digits. */
function loosely(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') return value;
  const inner = parsed(Buffer.from(value));
  return inner === undefined || inner === null ? value : inner;
}
