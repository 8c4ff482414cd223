import type { SourceOptions } from '@offload/contracts';
import { columnNames } from '../csv/column-names.js';
import { HeaderUnreadable } from '../csv/csv.errors.js';
import { parseJsonLines, type SourceRecord } from '../json/parse-json-lines.js';
import { countFooter, detectLayout } from './detect-layout.js';
import { type FoundLines, soundFields } from './found-lines.js';

/**
 * Takes JSON arrays for rows, whose values go by position, with title lines, a header and totals like any others.
 * Undefined when there is none.
 *
 * The rows of a sheet end where its table does: what they lack behind their last value is nothing, and what the header
 * lacks is no column.
 */
export function findArrays(
  pieces: readonly Buffer[],
  told: SourceOptions,
  { isWhole, isSheet }: { isWhole: boolean; isSheet: boolean },
): FoundLines | undefined {
  const [head = [], ...later] = pieces.map((piece) => [...parseJsonLines(piece, [])]);
  const layout = detectLayout(head, told, { isWhole: false });
  const [first, ...others] = head.slice(layout.preamble);
  if (!first) return undefined;
  const [problem] = first.problems;
  if (problem && layout.header) throw new HeaderUnreadable(first.line, problem.message);

  const width = widthOf([first, ...others], { header: layout.header, isSheet });
  if (width === 0) return undefined;
  const names = Array.from({ length: width }, (_, index) =>
    layout.header ? (first.fields[index] ?? null) : null,
  );
  const found = layout.header ? others : [first, ...others];
  const records = isSheet ? found.map((record) => fitted(record, width)) : found;
  const footer = isWhole ? records.slice(records.length - countFooter(records)) : [];
  const body = records.slice(0, records.length - footer.length);
  return {
    header: layout.header,
    confidence: layout.confidence,
    skip: layout.skip,
    columns: columnNames(names),
    records,
    samples: soundFields([body, ...later]),
    preamble: head.slice(0, layout.preamble).map(({ fields }) => shownFields(fields)),
    footer,
    headerLine: layout.header ? first.line : 0,
  };
}

function widthOf(
  [first, ...others]: readonly [SourceRecord, ...SourceRecord[]],
  { header, isSheet }: { header: boolean; isSheet: boolean },
): number {
  if (!header) return Math.max(...[first, ...others].map(({ fields }) => fields.length));
  return isSheet ? lastFilled(first) : first.fields.length;
}

function lastFilled({ fields }: SourceRecord): number {
  return fields.findLastIndex((field) => field !== null) + 1;
}

/** As long as the header, or longer where there are values behind it. */
function fitted(record: SourceRecord, width: number): SourceRecord {
  const length = Math.max(width, lastFilled(record));
  const fields = Array.from({ length }, (_, index) => record.fields[index] ?? null);
  return { ...record, fields };
}

/** A record in one line. */
export function shownFields(fields: readonly (string | null)[]): string {
  return fields.filter((field) => field !== null).join(' ');
}
