/** Words for true and false that belong together, in lower case. */
export interface WordPair {
  trues: readonly string[];
  falses: readonly string[];
  /** PostgreSQL knows them by itself. */
  isPlain: boolean;
  /** One of the two is enough to mean it: it is no initial and no name. */
  isClear: boolean;
}

/** A column is of one pair or of none: `t` and `no` beside each other are something else. */
export const WORD_PAIRS: readonly WordPair[] = [
  aPair('true', 'false', { isPlain: true, isClear: true }),
  aPair('t', 'f', { isPlain: true }),
  aPair('yes', 'no', { isPlain: true }),
  aPair('y', 'n', { isPlain: true }),
  aPair('on', 'off', { isPlain: true }),
  aPair('wahr', 'falsch', { isClear: true }),
  aPair('vrai', 'faux', { isClear: true }),
  aPair('verdadero', 'falso', { isClear: true }),
  aPair('ja', 'nein'),
  aPair('j', 'n'),
  aPair('ja', 'nee'),
  aPair('ja', 'nej'),
  aPair('ja', 'nei'),
  aPair('oui', 'non'),
  aPair('o', 'n'),
  aPair('sí', 'no'),
  aPair('si', 'no'),
  aPair('s', 'n'),
  aPair('sim', 'não'),
  aPair('tak', 'nie'),
  aPair('ano', 'ne'),
  aPair('igen', 'nem'),
  aPair('evet', 'hayır'),
  aPair('kyllä', 'ei'),
  aPair('да', 'нет'),
];

function aPair(
  yes: string,
  no: string,
  { isPlain = false, isClear = false }: { isPlain?: boolean; isClear?: boolean } = {},
): WordPair {
  return { trues: [yes], falses: [no], isPlain, isClear };
}

/**
 * Words that people and programs write for “no value”. In a column whose other values are numbers, dates and the
 * like they can mean nothing else; in one of texts they may be a name.
 */
export const NULL_WORDS: ReadonlySet<string> = new Set([
  ...['NULL', 'null', 'Null', '\\N', '(null)', '<null>', '<NULL>', '[NULL]'],
  ...['N/A', 'n/a', 'NA', 'na', 'n.a.', '#N/A', 'None', 'none', 'nil'],
  ...['-', '--', '–', '—', '?', '.', 'k.A.', 'k. A.', 'unknown', 'unbekannt'],
]);

/** Marks that mean yes where they stand and no where nothing stands. */
export const MARKS: ReadonlySet<string> = new Set(['x', 'X', '✓', '✔', '*']);
