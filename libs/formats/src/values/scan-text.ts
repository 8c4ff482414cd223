/** The place of the first character at or behind `from` that is not a digit. */
export function afterDigits(text: string, from: number): number {
  for (let at = from; ; at++) {
    const code = text.charCodeAt(at);
    // False at the end as well, where the code is NaN.
    if (!(code >= ZERO && code <= NINE)) return at;
  }
}

/** White space that PostgreSQL skips around values, and the two spaces that do not break. */
export function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d) || code === 0xa0 || code === 0x202f;
}

export const ZERO = 0x30;
const NINE = 0x39;
