/** A part of a list. */
export interface ListPart {
  text: string;
  isQuoted: boolean;
  /** A minus in front of the quotes. */
  hasMinus: boolean;
}

/**
 * Splits at commas. A part in quotes may have commas, and quotes written twice, as in CSV; in front of it a minus
 * may stand. Answers undefined when a quote is not closed or something follows it.
 */
export function splitList(text: string): ListPart[] | undefined {
  const parts: ListPart[] = [];
  const part = /(-?)"((?:[^"]|"")*)"(?=,|$)|((?!-?")[^,]*)(?=,|$)/y;
  for (let at = 0; ; at = part.lastIndex + 1) {
    part.lastIndex = at;
    const found = part.exec(text);
    if (!found) return undefined;
    const [, minus, quoted, plain = ''] = found;
    parts.push(
      quoted === undefined
        ? { text: plain, isQuoted: false, hasMinus: false }
        : { text: quoted.replaceAll('""', '"'), isQuoted: true, hasMinus: minus === '-' },
    );
    if (part.lastIndex >= text.length) return parts;
  }
}
