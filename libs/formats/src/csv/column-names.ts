/** PostgreSQL allows 1600 columns in a table, of which the system columns of a dataset take three. */
export const MAX_COLUMNS = 1597;

/**
 * Makes the names in a header fit for columns: trimmed, inner white space as single spaces, composed
 * Unicode (NFC), at most 63 bytes of UTF-8, and all different (`name`, `name_2`).
 *
 * An empty name becomes `column_3`. A name that begins with `_`, as ours do, and the few that PostgreSQL
 * keeps for itself get `source` in front: `_id` → `source_id`, `xmin` → `source_xmin`. Upper and lower case are kept.
 */
export function columnNames(originals: readonly (string | null)[]): HeaderColumn[] {
  const wanted = originals.map((original, index) => clean(original ?? '') || `column_${index + 1}`);
  const taken = new Set<string>();
  const numbers = new Map<string, number>();
  const all = new Set(wanted);

  return wanted.map((name, index) => {
    let free = name;
    for (
      let number = numbers.get(name) ?? 2;
      taken.has(free) || (free !== name && all.has(free));
      number++
    ) {
      free = withNumber(name, number);
      numbers.set(name, number + 1);
    }
    taken.add(free);
    return { name: free, original: originals[index] ?? '' };
  });
}

export interface HeaderColumn {
  /** An identifier for PostgreSQL, different from all others of the file. */
  name: string;
  /** What the file says. */
  original: string;
}

/** Tells whether PostgreSQL keeps a name for itself, so that no column can have it. */
export function isSystemColumn(name: string): boolean {
  return SYSTEM_COLUMNS.has(name);
}

const MAX_NAME_BYTES = 63;
const SYSTEM_COLUMNS = new Set(['tableoid', 'xmin', 'cmin', 'xmax', 'cmax', 'ctid']);

function clean(original: string): string {
  const name = original
    .normalize('NFC')
    .replace(/[\s\p{Cc}\uFEFF]+/gu, ' ')
    .trim();
  if (name.startsWith('_')) return cut(`source${name}`, MAX_NAME_BYTES);
  if (SYSTEM_COLUMNS.has(name)) return `source_${name}`;
  return cut(name, MAX_NAME_BYTES).trimEnd();
}

function withNumber(name: string, number: number): string {
  const suffix = `_${number}`;
  return cut(name, MAX_NAME_BYTES - suffix.length) + suffix;
}

/** Cuts at a whole character. */
function cut(name: string, maxBytes: number): string {
  let bytes = 0;
  let kept = '';
  for (const character of name) {
    bytes += Buffer.byteLength(character);
    if (bytes > maxBytes) break;
    kept += character;
  }
  return kept;
}
