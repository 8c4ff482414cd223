/**
 * What PostgreSQL can store of a text from outside: NUL and unpaired surrogates, which neither `text`
 * nor `jsonb` takes, become the replacement character.
 */
export function storableText(text: string): string {
  return text.replaceAll(/[\0\p{Surrogate}]/gu, '\ufffd');
}

/** Levels of a value that are told. */
const deepest = 100;

/**
 * The same for anything that JSON can hold; what it cannot hold is told in the nearest form, and what is
 * nested deeper than 100 levels is left out, since PostgreSQL and JSON.stringify give up on such a value.
 */
export function storableJson(value: unknown, level = 0): unknown {
  if (typeof value === 'string') return storableText(value);
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (typeof value !== 'object' || value === null) return value ?? null;
  if (level >= deepest) return null;
  if (Array.isArray(value)) return value.map((inner) => storableJson(inner, level + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      storableText(key),
      storableJson(inner, level + 1),
    ]),
  );
}
