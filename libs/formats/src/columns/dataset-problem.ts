/** Why a dataset cannot be as it is declared. */
export interface DatasetProblem {
  code:
    | 'too_many_columns'
    | 'reserved_name'
    | 'invalid_name'
    | 'repeated_name'
    | 'rule_does_not_fit'
    | 'invalid_bound'
    | 'invalid_enum'
    | 'invalid_pattern'
    | 'unknown_column'
    | 'repeated_key';
  /** Where it stands in the declaration: `['columns', 2, 'range']`. */
  path: (string | number)[];
  /** A sentence for people. */
  message: string;
}

export function problem(
  code: DatasetProblem['code'],
  path: DatasetProblem['path'],
  message: string,
): DatasetProblem {
  return { code, path, message };
}

/** Names as a sentence lists them: `a, b or c`. */
export function listed(names: readonly string[], last: 'and' | 'or'): string {
  return names.length < 2
    ? names.join('')
    : `${names.slice(0, -1).join(', ')} ${last} ${names.at(-1)}`;
}
