/** A text, and what kind it looks like. */
export interface TextType {
  type: string;
  words: string;
}

/**
 * What kind of text the first bytes of a file are; undefined when they are none.
 *
 * Control characters tell, not the encoding: a text in Windows-1252 is no UTF-8 and a text all the same.
 */
export function textTypeOf(head: Buffer): TextType | undefined {
  const text = decode(head);
  if (text === undefined) return undefined;
  if (/^\s*[[{]\s*["{[\]}\d-]/.test(text)) return { type: 'application/json', words: 'JSON' };
  if (/^\s*<(?:!doctype html|html)\b/i.test(text))
    return { type: 'text/html', words: 'an HTML page' };
  if (/^\s*<\?xml\b/.test(text)) return { type: 'application/xml', words: 'XML' };
  return looksLikeRows(text)
    ? { type: 'text/csv', words: 'a table in text' }
    : { type: 'text/plain', words: 'text' };
}

/** RFC 2781: a byte order mark says that it is UTF-16; without one every second byte of it is NUL. */
function decode(head: Buffer): string | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return new TextDecoder('utf-16le').decode(head);
  if (head[0] === 0xfe && head[1] === 0xff) return new TextDecoder('utf-16be').decode(head);
  const text = head.toString(isUtf8Start(head) ? 'utf8' : 'latin1').replace(/^\ufeff/, '');
  // A few stray control characters are dirt, which the import tells of; many are no text.
  const controls = text
    .match(/\p{Control}/gu)
    ?.filter((char) => char < '\u0080' && !/\s/.test(char));
  return (controls?.length ?? 0) * 100 <= text.length ? text : undefined;
}

/** The head may end in the middle of a character. */
function isUtf8Start(head: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** The same delimiter in each of the first lines. */
function looksLikeRows(text: string): boolean {
  const lines = text.split(/\r\n|\r|\n/).slice(0, 5);
  const full = lines.filter((line) => line !== '');
  return (
    full.length > 0 &&
    [',', ';', '\t', '|'].some((delimiter) =>
      full.slice(0, 3).every((line) => line.includes(delimiter)),
    )
  );
}
