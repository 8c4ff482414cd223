/** A number in any way of writing, perhaps with a currency or a percent sign. */
const NUMBER =
  /^[-+(]?[€$£¥]? ?\d[\d.,'’ _\u00a0\u202f]*(?:[eE][-+]?\d+)?(?:%|‰|€|\$|£|¥|[A-Z]{3})?\)?$/;
const DATE = /^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})(?:[T ,].*)?$/;
const TIME = /^\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?[AaPp]\.?[Mm]\.?)?$/;
const UUID = /^\{?[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\}?$/i;
const ADDRESS = /^(?:[^\s@]+@[^\s@]+\.[^\s@]+|https?:\/\/\S+)$/i;

/** What is longer is a text, and the patterns need not be quick on it. */
const MAX_LENGTH = 100;

export type Look = 'number' | 'date' | 'time' | 'uuid' | 'address' | 'text' | 'nothing';

/** What a text looks like at first sight, in any country. */
export function lookOf(value: string | null): Look {
  const text = (value ?? '').trim();
  if (text === '') return 'nothing';
  if (text.length > MAX_LENGTH) return 'text';
  if (DATE.test(text)) return 'date';
  if (TIME.test(text)) return 'time';
  if (NUMBER.test(text)) return 'number';
  if (UUID.test(text)) return 'uuid';
  return ADDRESS.test(text) ? 'address' : 'text';
}

/** Tells whether a text looks like a value of some type, rather than a name or prose. */
export function looksTyped(text: string): boolean {
  const look = lookOf(text);
  return look !== 'text' && look !== 'nothing';
}

/** Tells whether a field looks like one thing, and not like several that were not divided. */
export function looksClean(field: string | null): boolean {
  if (field === null || !/[;\t|,]/.test(field)) return true;
  // A comma in front of a space is prose.
  return looksTyped(field) || (!/[;\t|]/.test(field) && !/,(?! )/.test(field));
}
