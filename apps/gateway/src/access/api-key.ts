import { createHash, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const pattern = /^(off_live_[0-9A-Za-z]{22})_([0-9a-f]{6})$/;

/** A fresh key with 131 random bits: `off_live_<22 letters and digits>_<checksum>`. */
export function newApiKey(): string {
  const random = Array.from({ length: 22 }, () => alphabet[randomInt(alphabet.length)]).join('');
  return withChecksum(`off_live_${random}`);
}

/** Tells a mistyped or cut-off key without a look into the database. */
export function isWellFormedApiKey(key: string): boolean {
  const [, body] = pattern.exec(key) ?? [];
  return body !== undefined && withChecksum(body) === key;
}

/** What is kept of a key. It has enough random bits that a slow hash would add nothing. */
export function hashApiKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/** Enough of a key to recognise it in a list, too little to use it. */
export function prefixOf(key: string): string {
  return key.slice(0, 'off_live_'.length + 4);
}

function withChecksum(body: string): string {
  return `${body}_${crc32(body).toString(16).padStart(8, '0').slice(-6)}`;
}
