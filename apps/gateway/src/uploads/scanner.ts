import type { Readable } from 'node:stream';

/** What a virus scanner says of a file. */
export type ScanVerdict =
  | { verdict: 'clean' }
  | { verdict: 'infected'; signature: string }
  | { verdict: 'unavailable'; reason: string };

/** A virus scanner. It answers `unavailable` instead of throwing. */
export interface Scanner {
  scan(stream: Readable): Promise<ScanVerdict>;
}

/** Undefined where nothing is scanned. */
export const SCANNER = Symbol('SCANNER');

/** The scanner that a configuration names. */
export function openScanner(_config: {
  SCAN_POLICY: string;
  CLAMD_URL?: string | undefined;
}): Scanner | undefined {
  return undefined;
}
