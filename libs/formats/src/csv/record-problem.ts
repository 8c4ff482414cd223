/** A reason to reject a record, found before its values are looked at. */
export interface RecordProblem {
  code: 'unclosed_quote' | 'ambiguous_quote' | 'invalid_utf8' | 'nul_byte';
  /** Index of the field, counted from 0. */
  field: number;
  /** A sentence for people. */
  message: string;
}

const MESSAGES: Record<RecordProblem['code'], string> = {
  unclosed_quote: 'A quote opens this value and is never closed.',
  ambiguous_quote:
    'This quoted value spans several lines and has single quotes inside: its end is a guess. Write quotes inside a quoted value twice.',
  invalid_utf8: 'This value is not valid UTF-8.',
  nul_byte: 'This value contains a zero byte, which a text cannot have.',
};

export function problem(code: RecordProblem['code'], field: number): RecordProblem {
  return { code, field, message: MESSAGES[code] };
}
