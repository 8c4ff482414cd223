import type { DetectedType, Family } from './detect-type.js';

/**
 * Why a file is not taken, in a sentence; undefined when nothing speaks against it.
 *
 * Only what is clear counts. Types that say nothing are never contradicted, a compressed table is still the
 * table, Excel calls its CSV files Excel files, and what a text holds is the import's to judge. A program is
 * taken under no name: it can be neither imported nor attached.
 */
export function refusalOf(declaredType: string | null, detected: DetectedType): string | undefined {
  if (detected.family === 'executable') {
    return `The file is ${detected.words}, and programs are not taken.`;
  }
  const declared = declaredOf(declaredType);
  if (!declared || declared.goesWith.has(detected.family)) return undefined;
  return detected.family === 'unknown'
    ? `The file says it is ${declared.words}, but it does not begin like one.`
    : `The file says it is ${declared.words}, but it is ${detected.words}.`;
}

interface Declared {
  words: string;
  goesWith: ReadonlySet<Family>;
}

const declared = (words: string, ...goesWith: Family[]): Declared => ({
  words,
  goesWith: new Set(goesWith),
});

/** What is not text by its first bytes may still be, with enough dirt in it, so that is let through. */
const asText = ['text', 'gzip', 'zip', 'unknown'] as const;
const csv = declared('CSV', ...asText);
const json = declared('JSON', ...asText);
const text = declared('text', ...asText);
const image = declared('an image', 'image');
const gzip = declared('a gzip file', 'gzip');
const zip = declared('a ZIP archive', 'zip', 'workbook', 'document');
const workbook = declared('an Excel workbook', 'workbook', 'zip');

const byType = new Map<string, Declared>([
  ['text/csv', csv],
  ['text/x-csv', csv],
  ['application/csv', csv],
  ['text/comma-separated-values', csv],
  ['text/tab-separated-values', declared('a table in text', ...asText)],
  ['application/json', json],
  ['application/x-ndjson', json],
  ['application/ndjson', json],
  ['application/jsonl', json],
  ['application/gzip', gzip],
  ['application/x-gzip', gzip],
  ['application/zip', zip],
  ['application/x-zip-compressed', zip],
  ['application/pdf', declared('a PDF document', 'pdf')],
  ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', workbook],
  [
    'application/vnd.oasis.opendocument.spreadsheet',
    declared('an OpenDocument spreadsheet', 'workbook', 'zip'),
  ],
  // What a browser on Windows calls a CSV file where Excel is installed.
  [
    'application/vnd.ms-excel',
    declared('an Excel file', 'old-office', 'workbook', 'zip', 'text', 'unknown'),
  ],
]);

function declaredOf(declaredType: string | null): Declared | undefined {
  const [type = ''] = (declaredType ?? '').toLowerCase().split(';');
  const name = type.trim();
  const known = byType.get(name);
  if (known) return known;
  if (name === 'image/svg+xml' || name.startsWith('text/')) return text;
  return name.startsWith('image/') ? image : undefined;
}
