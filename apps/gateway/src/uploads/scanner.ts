import type { Readable } from 'node:stream';
import type { ScanResult } from './scan/clamd.js';

/** A virus scanner, as far as uploads need one. It answers `unavailable` instead of throwing. */
export interface Scanner {
  scan(stream: Readable): Promise<ScanResult>;
  /** Name and version of the engine; undefined when it does not answer. */
  version(): Promise<string | undefined>;
}

/** Undefined where nothing is scanned. */
export const SCANNER = Symbol('SCANNER');
