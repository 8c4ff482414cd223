import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** An API key as the gateway wants it: `off_live_<22 letters and digits>_<checksum>`. */
export function apiKeyFrom(secret: string = randomBytes(32).toString('hex')): string {
  const body = `off_live_${createHash('sha256').update(secret).digest('hex').slice(0, 22)}`;
  return `${body}_${crc32(body).toString(16).padStart(8, '0').slice(-6)}`;
}
