import type { SourceFormat } from '@offload/contracts';

/**
 * Tells from the beginning of a text whether it is JSON, one JSON value on each line, or CSV.
 *
 * Only what surely is JSON counts as such, for any text may be CSV. An object that spans lines is `json` too,
 * to be refused as one object instead of being read as odd CSV.
 */
export function detectFormat(
  head: Buffer,
  { isWhole, name }: { isWhole: boolean; name: string },
): Exclude<SourceFormat, 'xlsx'> {
  const text = head.toString('utf8').trimStart();
  if (!/^[[{]/.test(text)) return LINES.test(name) && text !== '' ? 'ndjson' : 'csv';

  const [firstLine = '', ...others] = text.split(/\r\n|\n|\r/);
  const hasMore = others.some((line) => line.trim() !== '');
  if (isJson(firstLine)) {
    const isList = firstLine.startsWith('[') && !hasMore && isWhole && !LINES.test(name);
    return isList ? 'json' : 'ndjson';
  }
  if (LINES.test(name)) return 'ndjson';
  if (/^(\[\s*([[{"\-\dtfn\]]|$)|\{\s*(["}]|$))/.test(text)) {
    if (WHOLE.test(name)) return 'json';
    return looksLikeJson(text) ? 'json' : 'csv';
  }
  return 'csv';
}

const LINES = /\.(ndjson|jsonl|ldjson)$/i;
const WHOLE = /\.(json|geojson)$/i;

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Has the first key of the first object, or the first values of the first list, as JSON writes them. */
function looksLikeJson(text: string): boolean {
  const value = String.raw`("([^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null)`;
  const inObject = new RegExp(String.raw`^\[?\s*\{\s*("([^"\\]|\\.)*"\s*:|\})`);
  const inList = new RegExp(String.raw`^\[\s*(\[\s*)?(${value}\s*[,\]]|\])`);
  return inObject.test(text) || inList.test(text);
}
