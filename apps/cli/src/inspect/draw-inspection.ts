import type { InspectedColumn, Inspection } from '@offload/contracts/http';
import type { FileOptions } from '../options/file-options.js';
import { details } from '../terminal/details.js';
import { bytes, plural } from '../terminal/numbers.js';
import type { Style } from '../terminal/style.js';
import { type Column, table } from '../terminal/table.js';

interface Screen {
  width: number;
  style: Style;
}

/** An inspection as a person reads it: how the file is written, its columns, what is doubtful, its first rows, and what to do next. */
export function drawInspection(
  found: Inspection,
  told: FileOptions,
  { width, style }: Screen,
): string {
  const parts = [
    details(linesOf(found, style), style),
    table(columnTable(style), found.columns, { width, style }),
    problemsOf(found, style),
    rowsOf(found, { width, style }),
    `Import it: ${importLine(found, told)}`,
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function linesOf(found: Inspection, style: Style): [string, string | undefined][] {
  const { source, confidence, entries, sheets, preamble, footer } = found;
  const looked = found.is_whole ? 'all of it' : 'a sample';
  return [
    ['file', `${style.strong(found.file_name)}, ${bytes(found.size)}; ${looked} was looked at`],
    ['upload', found.upload_id],
    [
      'format',
      source.format + (source.packing === 'none' ? '' : `, packed with ${source.packing}`),
    ],
    ['entry', entries ? `${source.entry ?? ''} of ${plural(entries.length, 'file')}` : undefined],
    [
      'sheet',
      sheets
        ? `${source.sheet ?? ''} of ${sheets.map((name) => `“${name}”`).join(', ')}`
        : undefined,
    ],
    [
      'encoding',
      `${source.encoding}${source.bom ? ' with a byte order mark' : ''} ${sure(confidence.encoding, style)}`,
    ],
    [
      'dialect',
      source.delimiter === null
        ? undefined
        : `${dialectOf(source)} ${sure(confidence.dialect, style)}`,
    ],
    ['header', `${source.header ? 'yes' : 'none'} ${sure(confidence.header, style)}`],
    ['left out', preamble.length === 0 ? undefined : preamble.join('\n')],
    ['maybe totals', footer.length === 0 ? undefined : footer.join('\n')],
    ['values', valuesText(found.values)],
  ];
}

function dialectOf({ delimiter, quote, escape, newline }: Inspection['source']): string {
  return [
    `${shown(delimiter ?? '')} between values`,
    quote === null ? 'no quotes' : `${shown(quote)} around them`,
    ...(escape === null ? [] : [`${shown(escape)} escapes`]),
    `lines end with ${(newline ?? 'lf').toUpperCase()}`,
  ].join(', ');
}

function shown(character: string): string {
  if (character === '\t') return 'tab';
  return character === ' ' ? 'space' : JSON.stringify(character).slice(1, -1).replace('\\"', '"');
}

function valuesText(values: Inspection['values']): string | undefined {
  const parts = Object.entries(values).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return parts.length === 0 ? undefined : parts.join(', ');
}

function sure(confidence: number, style: Style): string {
  const text = `(${Math.round(confidence * 100)} %)`;
  return confidence < 0.7 ? style.notable(text) : style.faint(text);
}

function columnTable(style: Style): Column<InspectedColumn>[] {
  return [
    { title: 'COLUMN', value: ({ name }) => name, isFlexible: true },
    { title: 'TYPE', value: ({ type }) => type },
    { title: 'SURE', value: ({ confidence }) => sureShare(confidence, style), isNumber: true },
    {
      title: 'EMPTY',
      value: ({ filled, empty }) => shareOf(empty, filled + empty),
      isNumber: true,
    },
    { title: 'EXAMPLES', value: ({ examples }) => examples.join(' · '), isFlexible: true },
  ];
}

function sureShare(confidence: number, style: Style): string {
  const text = `${Math.round(confidence * 100)} %`;
  return confidence < 0.7 ? style.notable(text) : text;
}

function shareOf(part: number, whole: number): string {
  return whole === 0 || part === 0 ? '' : `${Math.max(1, Math.round((part / whole) * 100))} %`;
}

function problemsOf({ problems, columns }: Inspection, style: Style): string {
  const lines = [
    ...problems,
    ...columns.flatMap(({ name, problems: own }) =>
      own.map((text) => `${style.strong(name)}: ${text}`),
    ),
  ];
  return lines.map((line) => `- ${line}`).join('\n');
}

/** A few rows are enough to see whether they are read as they are meant. */
const SHOWN_ROWS = 5;

function rowsOf({ rows, columns }: Inspection, { width, style }: Screen): string {
  if (rows.length === 0) return 'There is no row.';
  const cells: Column<(string | null)[]>[] = columns.map(({ name }, index) => {
    return { title: name, value: (row) => row[index] ?? style.faint('–'), isFlexible: true };
  });
  return table(
    cells.slice(0, Math.max(1, Math.floor(Math.min(width, 240) / 14))),
    rows.slice(0, SHOWN_ROWS),
    { width, style },
  );
}

/** An import finds the rest as this has found it. */
function importLine(
  { upload_id: id, import: { dataset } }: Inspection,
  { source = {}, values = {} }: FileOptions,
): string {
  const options = [
    ...Object.entries(source).map(([name, value]) => ['-s', name, value] as const),
    ...Object.entries(values).map(([name, value]) => ['--values', name, value] as const),
  ].map(([flag, name, value]) => `${flag} ${quoted(`${name}=${wordOf(value)}`)}`);
  return ['offload import', id, '--dataset', dataset.name, ...options, '--watch'].join(' ');
}

function wordOf(value: unknown): string {
  if (value === null) return 'none';
  if (Array.isArray(value)) return value.join(',');
  return typeof value === 'string' ? value.replace('\t', String.raw`\t`) : JSON.stringify(value);
}

/** For a shell. */
function quoted(text: string): string {
  return /^[\w=.,/:+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
