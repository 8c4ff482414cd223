import { DialectInvalid } from './source.errors.js';
import type { ResolvedSource } from './resolved-source.js';

/**
 * The characters of a dialect as they stand in the bytes of UTF-8, one character of a string for each byte.
 *
 * UTF-8 is made so that the bytes of one character are never found inside of others; a search for them is a
 * native search for a short string.
 */
export interface OddDialect {
  delimiter: string;
  quote: string | null;
  /** `null` when a quote inside a quoted field is doubled. */
  escape: string | null;
  /** What ends a record; a CR just before LF belongs to it. */
  newline: '\n' | '\r';
}

/** Throws DialectInvalid when one character has two meanings. */
export function oddDialect({
  delimiter,
  quote,
  escape,
  newline,
}: Pick<ResolvedSource, 'delimiter' | 'quote' | 'escape' | 'newline'>): OddDialect {
  for (const character of [delimiter, quote, escape]) {
    if (character !== null && !isOneCharacter(character)) {
      throw new DialectInvalid(`${JSON.stringify(character)} is not one character.`);
    }
  }
  if (quote === delimiter) throw new DialectInvalid('the delimiter is also the quote.');
  if (escape === delimiter) throw new DialectInvalid('the delimiter is also the escape.');
  return {
    delimiter: bytesOf(delimiter),
    quote: quote === null ? null : bytesOf(quote),
    escape: escape === null || escape === quote ? null : bytesOf(escape),
    newline: newline === 'cr' ? '\r' : '\n',
  };
}

function isOneCharacter(text: string): boolean {
  return Array.from(text).length === 1 && text.isWellFormed() && !/[\r\n\0]/.test(text);
}

function bytesOf(character: string): string {
  return Buffer.from(character).toString('latin1');
}
