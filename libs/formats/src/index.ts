export { checkColumns, type DatasetShape } from './columns/check-columns.js';
export { compareValues, isSameValue } from './columns/compare-values.js';
export { type DatasetProblem } from './columns/dataset-problem.js';
export { columnNames, type HeaderColumn, MAX_COLUMNS } from './csv/column-names.js';
export { FileRefused } from './csv/csv.errors.js';
export { CR, type CsvDialect, LF, QUOTE, recordEndOf, type ScanPosition } from './csv/dialect.js';
export { inferColumns } from './csv/infer-columns.js';
export { type CsvRecord, parseRecords } from './csv/parse-records.js';
export { readHeader } from './csv/read-header.js';
export { type RecordProblem } from './csv/record-problem.js';
export { type Chunk, RecordScanner } from './csv/record-scanner.js';
export { type SampledRecord, sampleRecords } from './csv/sample-records.js';
export { checkValue, type ValueProblem } from './csv/validate-value.js';
export { LineScanner } from './json/line-scanner.js';
export { parseJsonLines, type SourceRecord } from './json/parse-json-lines.js';
export { type ConversionOptions, convertSource } from './source/convert-source.js';
export { detectSource } from './source/detect-source.js';
export {
  type DetectedSource,
  type SourceEntry,
  type SourceSheet,
} from './source/detected-source.js';
export { needsConversion } from './source/needs-conversion.js';
export { openText } from './source/open-text.js';
export { type PlainSource, type ResolvedSource } from './source/resolved-source.js';
export { type SourceFile } from './source/source-file.js';
export { DEFAULT_SOURCE_LIMITS, type SourceLimits } from './source/source-limits.js';
export { type OwnOptions, valueReader, type ValueReader } from './values/value-reader.js';
export { dialectOf } from './inspect/dialect-of.js';
export { type InspectedColumn } from './inspect/infer-types.js';
export { inspectSource } from './inspect/inspect-source.js';
export { type Inspection, type ToldOptions } from './inspect/inspection.js';
