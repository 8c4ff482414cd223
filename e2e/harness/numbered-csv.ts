/** A file whose rows can be told apart, and what of it can be stored. */
export interface NumberedCsv {
  text: string;
  /** The rows that can be stored, as PostgreSQL writes them in CSV, in order of `n`. */
  storable: string;
  rows: number;
  rejected: number;
}

/** The columns, as `POST /v1/imports` takes them. */
export const numberedColumns = [
  { name: 'n', type: 'bigint' as const, nullable: false },
  { name: 'name', type: 'text' as const, nullable: false },
  { name: 'amount', type: 'numeric' as const, nullable: false },
  { name: 'born', type: 'date' as const, nullable: true },
  { name: 'is_active', type: 'boolean' as const, nullable: false },
  { name: 'note', type: 'text' as const, nullable: true },
];

/** Reads the table back in the form of `storable`. */
export const selectNumbered = (dataset: string): string =>
  `select n, name, amount, born, is_active::text, note from datasets.${dataset} order by n`;

/**
 * Rows numbered from `from` (default 1), with what real files have: empty fields, quotes, commas and
 * line breaks inside fields, letters beyond ASCII. Each `badEvery`th row has an amount that is none.
 */
export function numberedCsv({
  rows,
  from = 1,
  badEvery = Infinity,
}: {
  rows: number;
  from?: number;
  badEvery?: number;
}): NumberedCsv {
  const all: string[] = [];
  const storable: string[] = [];
  for (let n = from; n < from + rows; n += 1) {
    const isBad = (n - from + 1) % badEvery === 0;
    const line = lineOf(n, isBad ? 'many' : amountOf(n));
    all.push(line);
    if (!isBad) storable.push(line);
  }
  const header = numberedColumns.map(({ name }) => name).join(',');
  return {
    text: `${header}\n${all.join('')}`,
    storable: storable.join(''),
    rows: storable.length,
    rejected: all.length - storable.length,
  };
}

function lineOf(n: number, amount: string): string {
  const born = n % 5 === 0 ? '' : `19${50 + (n % 50)}-0${1 + (n % 9)}-${10 + (n % 19)}`;
  return `${n},Zoë Ångström ${n},${amount},${born},${n % 3 === 0},${noteOf(n)}\n`;
}

function amountOf(n: number): string {
  return `${(n * 7919) % 1_000_000}.${String(n % 100).padStart(2, '0')}`;
}

function noteOf(n: number): string {
  if (n % 11 === 0) return `"Said ""yes"", twice"`;
  if (n % 13 === 0) return `"Two\nlines"`;
  return n % 2 === 0 ? '' : 'plain words';
}
