import { createHash } from 'node:crypto';
import { AppError } from '@offload/platform';

export class InvalidIdempotencyKey extends AppError {
  constructor() {
    super('invalid_header', 'The Idempotency-Key must have 1 to 255 printable ASCII characters.');
  }
}

/** The first request with this key is still being worked on, or its client has just gone away. */
export class IdempotencyInFlight extends AppError {
  constructor() {
    super(
      'idempotency_in_flight',
      'A request with this Idempotency-Key is still being worked on.',
      { details: { retryAfterS: 1 } },
    );
  }
}

export class IdempotencyKeyReused extends AppError {
  constructor() {
    super(
      'idempotency_key_reused',
      'This Idempotency-Key was used for a request with another body.',
      { help: 'Use a fresh key for every request that is not a repetition.' },
    );
  }
}

/**
 * Reads the header `Idempotency-Key`; undefined when there is none.
 *
 * draft-ietf-httpapi-idempotency-key-header-07, 2.1: it "is an Item Structured Header" whose "value
 * MUST be a String", that is, in quotes. Most clients send it bare, so both are taken, and
 * `"abc"` and `abc` are the same key.
 */
export function parseIdempotencyKey(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const key = /^"(.*)"$/.test(header) ? unquote(header) : header;
  if (key === undefined || !/^[\x20-\x7e]{1,255}$/.test(key)) throw new InvalidIdempotencyKey();
  return key;
}

/** A hash that is the same for JSON values that differ only in the order of their keys. */
export function fingerprint(value: unknown): Buffer {
  return createHash('sha256').update(canonicalJson(value)).digest();
}

/** RFC 8941, 3.3.3: inside, only `\"` and `\\` are escapes. */
function unquote(header: string): string | undefined {
  const inner = header.slice(1, -1);
  return /^(?:[^"\\]|\\["\\])*$/.test(inner) ? inner.replaceAll(/\\(["\\])/g, '$1') : undefined;
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
