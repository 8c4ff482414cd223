import type { HeaderColumn } from '../csv/column-names.js';
import type { SampledRecord } from '../csv/sample-records.js';
import type { SourceRecord } from '../json/parse-json-lines.js';

/** What JSON values on lines of their own are, taken as rows. */
export interface FoundLines {
  header: boolean;
  confidence: number;
  skip: number;
  columns: HeaderColumn[];
  records: SourceRecord[];
  samples: SampledRecord[];
  preamble: string[];
  footer: SourceRecord[];
  /** The line of the header; 0 when there is none. */
  headerLine: number;
}

/** The values of records that can be read. */
export function soundFields(pieces: readonly SourceRecord[][]): SampledRecord[] {
  return pieces
    .flat()
    .filter(({ problems }) => problems.length === 0)
    .map(({ fields }) => fields);
}
