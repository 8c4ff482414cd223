import type { ResolvedReference } from '@offload/contracts/http';

export type ReferenceKind = ResolvedReference['kind'];

/** Something that a message names instead of carrying it. */
export interface Reference {
  /** JSON Pointer (RFC 6901) into the body. */
  pointer: string;
  kind: ReferenceKind;
  id: string;
}

const mostReferences = 20;
const mostValues = 10_000;
const mostWithin = 1000;

/**
 * What the body of a message refers to: our ids by the names that our contracts give them, and stored files.
 *
 * The body may be anybody's, so of it 10 000 values are looked at, the outer ones first and of each list a
 * thousand, and 20 references are told.
 */
export function findReferences(body: unknown): Reference[] {
  const found: Reference[] = [];
  const waiting: Place[] = [{ pointer: '', name: '', value: body }];
  for (let looked = 0; looked < waiting.length && looked < mostValues; looked += 1) {
    const place = waiting[looked];
    if (!place || found.length === mostReferences) break;
    const reference = referenceAt(place);
    if (reference) found.push(reference);
    else if (waiting.length < mostValues) waiting.push(...placesIn(place));
  }
  return found;
}

interface Place {
  pointer: string;
  name: string;
  value: unknown;
}

function referenceAt({ pointer, name, value }: Place): Reference | undefined {
  if (typeof value === 'string') {
    const kind = kindOfId.get(name);
    return kind !== undefined && isId(value)
      ? { pointer, kind, id: value.toLowerCase() }
      : undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (!('key' in value && 'sha256' in value)) return undefined;
  const { key } = value;
  return typeof key === 'string' && key.length <= 200
    ? { pointer, kind: 'file', id: key }
    : undefined;
}

const kindOfId = new Map<string, ReferenceKind>([
  ['importId', 'import'],
  ['emailId', 'email'],
  ['uploadId', 'upload'],
]);

function placesIn({ pointer, value }: Place): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value)
    .slice(0, mostWithin)
    .map(([name, inner]) => ({
      pointer: `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      name,
      value: inner,
    }));
}

function isId(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
