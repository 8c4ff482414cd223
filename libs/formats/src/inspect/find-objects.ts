import { columnNames } from '../csv/column-names.js';
import { parseJsonLines } from '../json/parse-json-lines.js';
import { type FoundLines, soundFields } from './found-lines.js';

/** Takes JSON objects for rows: their keys are the columns, and there is no header. */
export function findObjects(
  pieces: readonly Buffer[],
  keys: readonly string[],
  { skip }: { skip: number },
): FoundLines {
  const parsed = pieces.map((piece) => [...parseJsonLines(piece, keys)]);
  const [first = [], ...later] = parsed;
  const head = first.filter(({ line }) => line > skip);
  return {
    header: false,
    confidence: 1,
    skip,
    columns: columnNames(keys),
    records: head,
    samples: soundFields([head, ...later]),
    preamble: [],
    footer: [],
    headerLine: 0,
  };
}
