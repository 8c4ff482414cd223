/** A reason to reject a record, found before its values are looked at. */
export interface RecordProblem {
  code:
    | 'unclosed_quote'
    | 'ambiguous_quote'
    | 'invalid_utf8'
    | 'nul_byte'
    | 'lone_surrogate'
    | 'invalid_json'
    | 'not_an_object'
    | 'unknown_field'
    | 'duplicate_field'
    | 'formula_without_value';
  /** Index of the field, counted from 0. */
  field: number;
  /** A sentence for people. */
  message: string;
}

const MESSAGES: Record<RecordProblem['code'], string> = {
  unclosed_quote: 'A quote opens this value and is never closed.',
  ambiguous_quote:
    'This quoted value spans several lines and has single quotes inside: its end is a guess. Write quotes inside a quoted value twice.',
  invalid_utf8: 'This value has bytes that are no text in the encoding of the file.',
  nul_byte: 'This value contains a zero byte, which a text cannot have.',
  lone_surrogate:
    'This value contains half a character (a lone surrogate), which no text can have.',
  invalid_json: 'This line is not valid JSON.',
  not_an_object: 'This line is neither a JSON object nor an array, so it has no columns.',
  unknown_field: 'This record has a field that is no column of the file.',
  duplicate_field: 'This record has the same field twice, and only one value can be kept.',
  formula_without_value:
    'This cell has a formula without a computed value. Open the workbook in a spreadsheet program and save it.',
};

/** `detail` says more about this one occurrence, in words that follow the sentence. */
export function problem(
  code: RecordProblem['code'],
  field: number,
  detail?: string,
): RecordProblem {
  const message = detail === undefined ? MESSAGES[code] : `${MESSAGES[code]} ${detail}`;
  return { code, field, message };
}
