import type { ValueOptions } from '@offload/contracts';
import type { Converter } from './value-reader.js';
import { numberCodes, parseNumber } from './parse-number.js';
import { showText } from './show-text.js';

type NumberType = 'bigint' | 'numeric' | 'double';

/**
 * Reads numbers with a decimal comma or with separators between thousands.
 *
 * Strictly: groups have three digits (the first one to three), all digits are grouped or none is, and behind
 * the decimal separator there are no groups. So `12.34,5` and `1.5`, where thousands are separated by points, are
 * problems, and never numbers of another size. A text without any digit is left to PostgreSQL (`NaN`).
 * Undefined when numbers are written as PostgreSQL reads them.
 */
export function numberConverter(type: NumberType, values: ValueOptions): Converter | undefined {
  const { thousands } = values;
  const decimal = values.decimal ?? (thousands === '.' ? ',' : '.');
  const isWhole = type === 'bigint';
  if (thousands === undefined && (isWhole || decimal === '.')) return undefined;

  const codes = numberCodes(decimal, thousands, { isWhole });
  const description = describe(type, decimal, thousands);
  return (text) => {
    const canonical = parseNumber(text, codes);
    if (canonical !== undefined) return canonical;
    if (!/\d/.test(text)) return text;
    return { code: 'not_a_value', message: `${showText(text)} is not ${description}.` };
  };
}

function describe(type: NumberType, decimal: string, thousands: ValueOptions['thousands']): string {
  const separator = thousands === ' ' ? 'a space' : `“${thousands}”`;
  const parts = [
    ...(type !== 'bigint'
      ? [decimal === ',' ? 'with a decimal comma' : 'with a decimal point']
      : []),
    ...(thousands !== undefined ? [`with ${separator} between thousands or nothing`] : []),
  ];
  return `${type === 'bigint' ? 'a whole number' : 'a number'} ${parts.join(', ')}`;
}
