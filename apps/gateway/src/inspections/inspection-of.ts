import type { SourceOptions } from '@offload/contracts';
import type { InspectedSource, Inspection } from '@offload/contracts/http';
import type { Inspection as Found } from '@offload/formats';
import { datasetNameFor } from './dataset-name-for.js';

interface Inspected {
  id: string;
  fileName: string;
  size: number;
}

type Source = Found['source'];

/** What was found in an uploaded file, as the API shows it, with the request that would import it so. */
export function inspectionOf({ id, fileName, size }: Inspected, found: Found): Inspection {
  const { source, confidence, columns, values, preamble, footer, problems } = found;
  return {
    object: 'inspection',
    upload_id: id,
    file_name: fileName,
    size,
    source: sourceOf(source),
    confidence: {
      encoding: rounded(confidence.encoding),
      dialect: rounded(confidence.dialect),
      header: rounded(confidence.header),
    },
    entries:
      found.entries?.slice(0, MAX_LISTED).map(({ name, size: bytes }) => ({ name, size: bytes })) ??
      null,
    sheets: found.sheets?.slice(0, MAX_LISTED) ?? null,
    columns: columns.map((column) => ({ ...column, confidence: rounded(column.confidence) })),
    values,
    preamble: preamble.slice(0, MAX_LISTED).map(cut),
    footer: footer.map(cut),
    rows: rowsOf(found),
    problems,
    is_whole: found.isWhole,
    import: {
      upload_id: id,
      dataset: {
        name: datasetNameFor(fileName),
        ...(columns.length <= MAX_DECLARED && {
          columns: columns.map(({ name, type, nullable }) => ({ name, type, nullable })),
        }),
      },
      source: optionsOf(source),
      values,
    },
  };
}

function sourceOf(source: Source): InspectedSource {
  const isCsv = source.format === 'csv';
  return {
    ...source,
    entry: source.entry ?? null,
    sheet: source.sheet ?? null,
    delimiter: isCsv ? source.delimiter : null,
    quote: isCsv ? source.quote : null,
    escape: isCsv ? source.escape : null,
    newline: isCsv ? source.newline : null,
  };
}

/** Only what the format has: a request that names more is refused. */
function optionsOf(source: Source): SourceOptions {
  const { format, packing, entry, encoding, sheet, header, skip, footer } = source;
  const { delimiter, quote, escape, newline } = source;
  return {
    format,
    packing,
    ...(entry !== undefined && { entry }),
    ...(format === 'xlsx' ? sheet !== undefined && { sheet } : { encoding }),
    ...(format === 'csv' && { delimiter, quote, escape, newline }),
    header,
    skip,
    footer,
  };
}

/** Fewer rows of a wide file, so that no answer is larger than a person can look at. */
function rowsOf({ rows, columns }: Found): (string | null)[][] {
  const shown = Math.max(5, Math.floor(MAX_VALUES / Math.max(1, columns.length)));
  return rows.slice(0, shown).map((fields) => {
    return fields
      .slice(0, columns.length + MORE_FIELDS)
      .map((field) => (field === null ? null : cut(field)));
  });
}

function cut(text: string): string {
  if (text.length <= MAX_CHARACTERS) return text;
  return `${Array.from(text.slice(0, MAX_CHARACTERS * 2))
    .slice(0, MAX_CHARACTERS)
    .join('')}…`;
}

function rounded(confidence: number): number {
  return Math.round(confidence * 100) / 100;
}

const MAX_CHARACTERS = 200;
const MAX_VALUES = 10_000;
const MAX_LISTED = 1000;
/** An import declares at most as many columns; more of them it infers itself. */
const MAX_DECLARED = 1500;
/** Ragged rows show that they are. */
const MORE_FIELDS = 10;
