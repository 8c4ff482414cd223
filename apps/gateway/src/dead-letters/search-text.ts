import { storableText } from '../database/storable.js';

/** How much is searched, in characters; of a longer body the beginning. */
const longest = 16 * 1024;

/** What a search looks through. */
export interface Searchable {
  /** In the order of their weight: what comes last is cut first. */
  texts: readonly (string | null)[];
  body: Buffer;
}

/** One lower-case text that a column takes, whatever the message was. A body that is not text is left out. */
export function searchText({ texts, body }: Searchable): string {
  const parts = texts.filter((text) => text !== null).map((text) => text.slice(0, longest / 4));
  const text = [...parts, textOf(body)].join('\n').slice(0, longest);
  return storableText(text.toLowerCase());
}

function textOf(body: Buffer): string {
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    // As a part of a stream: a character that the cut goes through is no error.
    return decoder.decode(body.subarray(0, longest), { stream: body.length > longest });
  } catch {
    return '';
  }
}
