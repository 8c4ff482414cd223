import { judgeHeader } from './judge-header.js';
import { isTotal } from './is-total.js';
import { MAX_TITLE_LINES, mostFrequent } from './score-style.js';
import type { TextRecord } from './split-text.js';

/** Which of the records name columns, and which are no data. */
export interface Layout {
  /** Physical lines before the first record that counts. */
  skip: number;
  header: boolean;
  /** Of `header`, from 0 to 1. */
  confidence: number;
  /** How many of the records given stand before the header or the data. */
  preamble: number;
  /** How many of the last records given look like totals or notes. A proposal: they are data unless somebody says otherwise. */
  footer: number;
}

/**
 * Tells title lines, header, data and totals apart, by how the records differ from most.
 *
 * Records before the header that are less filled than the rest are title lines, if what follows them looks like a
 * header or if they are narrower, too: without leaving them out the header would be wrong. The header is told by its
 * values: names over numbers and dates; where all are texts, there is one unless its values occur again below it.
 *
 * `records` come from the beginning of the file; `isWhole` tells that the last of them is the last of the file.
 */
export function detectLayout(
  records: readonly TextRecord[],
  told: { header?: boolean | undefined; skip?: number | undefined },
  { isWhole }: { isWhole: boolean },
): Layout {
  const preamble = told.skip === undefined ? countTitles(records) : skipped(records, told.skip);
  const body = records.slice(preamble);
  const judged = judgeHeader(body);
  const header = told.header ?? judged.header;
  return {
    skip: told.skip ?? (preamble === 0 ? 0 : (body[0]?.line ?? 1) - 1),
    header,
    confidence: told.header === undefined ? judged.confidence : 1,
    preamble,
    footer: isWhole ? countFooter(body.slice(header ? 1 : 0)) : 0,
  };
}

function skipped(records: readonly TextRecord[], skip: number): number {
  const first = records.findIndex(({ line }) => line > skip);
  return first === -1 ? records.length : first;
}

function countTitles(records: readonly TextRecord[]): number {
  const hint = isHint(records[0]) ? 1 : 0;
  // The second half: of a short file the title lines may be the most.
  const { width, filled } = usual(records.slice(Math.max(hint, Math.floor(records.length / 2))));
  if (width < 2) return hint;
  const isNarrow = ({ fields }: TextRecord): boolean => fields.length < width;
  const isSparse = (record: TextRecord): boolean => filledIn(record) * 2 <= filled;

  const last = Math.min(MAX_TITLE_LINES, records.length - 2);
  let titles = hint;
  for (let record = records[titles]; record && titles <= last; record = records[++titles]) {
    if (!isNarrow(record) && !isSparse(record)) break;
  }
  const leading = records.slice(hint, titles);
  if (leading.length === 0 || titles > last) return hint;
  if (leading.every((record) => isNarrow(record) && isSparse(record))) return titles;
  const { isHeaderShown, header } = judgeHeader(records.slice(titles));
  return isHeaderShown || (header && leading.every(isSparse)) ? titles : hint;
}

/** `sep=;` in the first line tells Excel the delimiter. */
function isHint(record: TextRecord | undefined): boolean {
  return record?.line === 1 && /^sep=/i.test(record.fields[0] ?? '') && filledIn(record) <= 2;
}

/** How many of the last records are narrower or emptier than the others, or begin like a total. */
export function countFooter(body: readonly TextRecord[]): number {
  const { width, filled } = usual(body);
  if (width < 2) return 0;
  let footer = 0;
  for (const record of body.toReversed()) {
    const isNarrow = record.fields.length < width;
    const isSparse = filled > 2 && filledIn(record) * 2 <= filled;
    if (!isNarrow && !isSparse && !isTotal(record.fields)) break;
    footer++;
  }
  // More than a few are how the file is written, and not an end.
  return footer <= MAX_FOOTER && footer + 2 < body.length ? footer : 0;
}

const MAX_FOOTER = 10;

function usual(records: readonly TextRecord[]): { width: number; filled: number } {
  return {
    width: mostFrequent(records.map(({ fields }) => fields.length)),
    filled: mostFrequent(records.map(filledIn)),
  };
}

function filledIn({ fields }: TextRecord): number {
  return fields.filter((field) => field !== null && field.trim() !== '').length;
}
