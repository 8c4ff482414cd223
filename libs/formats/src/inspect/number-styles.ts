import type { ValueOptions } from '@offload/contracts';
import { checkValue } from '../csv/validate-value.js';
import { type NumberCodes, numberCodes, parseNumber } from '../values/parse-number.js';

/** One way to write numbers, and what reads it. */
export interface NumberStyle {
  decimal: '.' | ',';
  thousands: ValueOptions['thousands'];
  /** PostgreSQL's own. */
  isPlain: boolean;
  codes: NumberCodes;
}

/** The plainest first: what two of them explain alike is explained by the first. */
const STYLES: readonly NumberStyle[] = [
  aStyle('.', undefined),
  aStyle(',', undefined),
  aStyle('.', ','),
  aStyle('.', ' '),
  aStyle('.', "'"),
  aStyle(',', '.'),
  aStyle(',', ' '),
  aStyle(',', "'"),
];

/** The styles that agree with what is told; at least one. */
export function numberStyles({ decimal, thousands }: ValueOptions): NumberStyle[] {
  const agreeing = STYLES.filter((style) => {
    return (
      (decimal === undefined || style.decimal === decimal) &&
      (thousands === undefined || style.thousands === thousands)
    );
  });
  if (agreeing.length > 0) return agreeing;
  return [aStyle(decimal ?? (thousands === '.' ? ',' : '.'), thousands)];
}

/** What a number is in the style, in PostgreSQL's own, or undefined when it is none, or one that begins with needless zeros. */
export function numberIn({ codes }: NumberStyle, text: string): string | undefined {
  // Around a number PostgreSQL does not skip the spaces that do not break.
  if (/^\s*[\u00a0\u202f]|[\u00a0\u202f]\s*$/.test(text)) return undefined;
  const canonical = parseNumber(text, codes);
  return canonical !== undefined && PLAIN.test(canonical) ? canonical : undefined;
}

/** No plus signs, as in telephone numbers, and no zeros in front. */
const PLAIN = /^-?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)$/;

export function isWhole(canonical: string): boolean {
  return !canonical.includes('.') && checkValue('bigint', canonical) === 'ok';
}

function aStyle(decimal: '.' | ',', thousands: ValueOptions['thousands']): NumberStyle {
  const isPlain = decimal === '.' && thousands === undefined;
  return { decimal, thousands, isPlain, codes: numberCodes(decimal, thousands) };
}
