import type { ColumnType, DatasetColumn } from '@offload/contracts';
import type { SampledRecord } from './sample-records.js';
import { checkValue } from './validate-value.js';

/**
 * Proposes a type for each column, from records of several places of the file.
 *
 * A type is proposed only when PostgreSQL accepts every sampled text for it as it stands and nothing of it is
 * lost: `00123` and `+49 30 1234` stay text, whole numbers beyond bigint are numeric, dates count when they
 * are ISO 8601 and so cannot be read two ways. Texts that merely may be something (a lone `F`, a column of
 * `NO`) stay text. Times without a zone become timestamptz and are read in the zone of the session. Empty
 * texts say nothing: they are null in any column that is not of texts.
 *
 * Columns are nullable always: a sample cannot promise what the rest of the file holds.
 */
export function inferColumns(
  names: readonly string[],
  samples: Iterable<SampledRecord>,
): DatasetColumn[] {
  const kinds = names.map(() => new Set<Kind>());
  for (const fields of samples) {
    if (fields.length !== names.length) continue;
    fields.forEach((text, index) => {
      if (text) kinds[index]?.add(kindOf(text));
    });
  }
  return names.map((name, index) => {
    return { name, type: typeFor(kinds[index] ?? new Set()), nullable: true };
  });
}

/** What a single text looks like. The words for true and false are apart, because both must occur. */
type Kind =
  | Exclude<ColumnType, 'boolean'>
  | 'not-finite'
  | 'true-false'
  | 'yes'
  | 'no'
  | 'letter-t'
  | 'letter-f';

function kindOf(text: string): Kind {
  const word = WORDS.get(text.toLowerCase());
  if (word !== undefined) return word;
  for (const [kind, shape] of SHAPES) {
    if (shape.test(text) && checkValue(kind, text) === 'ok') return kind;
  }
  return 'text';
}

const WORDS = new Map<string, Kind>([
  ['true', 'true-false'],
  ['false', 'true-false'],
  ['yes', 'yes'],
  ['no', 'no'],
  ['t', 'letter-t'],
  ['f', 'letter-f'],
  ['nan', 'not-finite'],
  ['infinity', 'not-finite'],
  ['-infinity', 'not-finite'],
]);

/** The narrowest first. No plus signs, as in telephone numbers, and no zeros in front. */
const SHAPES: [Exclude<ColumnType, 'boolean'>, RegExp][] = [
  ['bigint', /^ *-?(0|[1-9]\d*) *$/],
  ['numeric', /^ *-?((0|[1-9]\d*)(\.\d*)?|\.\d+) *$/],
  ['double', /^ *-?(0|[1-9]\d*)?(\.\d*)?e[+-]?\d+ *$/i],
  ['date', /^\d{4}-/],
  ['timestamptz', /^\d{4}-/],
  ['uuid', /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i],
];

/** The first of these that covers all kinds seen in a column is its type. */
const COVERS: [ColumnType, readonly Kind[]][] = [
  ['bigint', ['bigint']],
  ['numeric', ['bigint', 'numeric']],
  ['double', ['bigint', 'numeric', 'double', 'not-finite']],
  ['date', ['date']],
  ['timestamptz', ['date', 'timestamptz']],
  ['uuid', ['uuid']],
];

function typeFor(kinds: ReadonlySet<Kind>): ColumnType {
  const isSilent = kinds.size === 0 || (kinds.size === 1 && kinds.has('not-finite'));
  if (isSilent) return 'text';
  if (isBoolean(kinds)) return 'boolean';
  const covering = COVERS.find(([, covered]) => [...kinds].every((kind) => covered.includes(kind)));
  return covering?.[0] ?? 'text';
}

function isBoolean(kinds: ReadonlySet<Kind>): boolean {
  if (kinds.size === 1) return kinds.has('true-false');
  const isPair = kinds.has('yes')
    ? kinds.has('no')
    : kinds.has('letter-t') && kinds.has('letter-f');
  return isPair && kinds.size === 2;
}
