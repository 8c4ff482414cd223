import type { SourceOptions, ValueOptions } from '@offload/contracts';
import type { ScanPosition } from '../csv/dialect.js';
import type { SampledRecord } from '../csv/sample-records.js';
import type { SourceEntry } from '../source/detected-source.js';
import type { ResolvedSource } from '../source/resolved-source.js';
import type { InspectedColumn } from './infer-types.js';

/** What is told of a file before it is looked into. */
export interface ToldOptions {
  source?: SourceOptions | undefined;
  values?: ValueOptions | undefined;
}

/** What a file looks like, from its beginning and a few places further in. */
export interface Inspection {
  /** How it is written: what was told, and what was detected for the rest. */
  source: ResolvedSource;
  /** From 0 to 1; 1 for what was told. */
  confidence: { encoding: number; dialect: number; header: number };
  needsConversion: boolean;
  /** The files in a zip archive. */
  entries?: SourceEntry[];
  /** The sheets of a workbook, by name. */
  sheets?: string[];
  columns: InspectedColumn[];
  /** The options that the columns need together, and those that were told. */
  values: ValueOptions;
  /** The lines above the header that are left out. */
  preamble: string[];
  /** The last records, when they look like totals or notes. A proposal: they are imported unless `source.footer` says otherwise. */
  footer: string[];
  /** The first records, as they stand in the file; at most 50. */
  rows: (string | null)[][];
  /** Sentences for people about the file as a whole. */
  problems: string[];
  /** The first record behind the header, in a file that needs no conversion. */
  data?: ScanPosition;
  /** Every row was looked at, so that the types are more than a guess. */
  isWhole: boolean;
  /** Values of several places of the file. */
  samples: SampledRecord[];
}

/** How many of the first records an inspection shows. */
export const SHOWN_ROWS = 50;
