export interface CsvOptions {
  /** Quoted: every text in quotes, some with quotes and line breaks in them. (Default: plain) */
  quoting?: 'plain' | 'quoted';
  /** The size to reach. Give this or `rows`. */
  bytes?: number;
  rows?: number;
  /** One row in so many is bad: its number, date or width. (Default: none) */
  badEvery?: number;
}

export const csvHeader =
  'id,name,street,city,amount,ordered_on,comment,active,quantity,placed_at\n';

const cities = ['Berlin', 'Hamburg', 'Łódź', 'Paris', 'Zürich', 'Madrid', 'Oslo', 'Wien'];
const words = ['fast', 'quiet', 'deliver', 'to', 'the', 'back', 'door', 'please', 'ring', 'twice'];

/**
 * Rows of 10 columns and about 100 bytes, without the header, in buffers of whole rows: orders as a shop
 * would export them. The same rows every time.
 */
export function* csvRows({
  quoting = 'plain',
  bytes = Infinity,
  rows = Infinity,
  badEvery = Infinity,
}: CsvOptions): Generator<Buffer> {
  let made = 0;
  let written = 0;
  let lines: string[] = [];
  while (made < rows && written < bytes) {
    made += 1;
    lines.push(made % badEvery === 0 ? badRow(made) : row(made, quoting === 'quoted'));
    written += 100;
    if (lines.length === 10_000) {
      yield Buffer.from(lines.join(''));
      lines = [];
    }
  }
  yield Buffer.from(lines.join(''));
}

function row(number: number, isQuoted: boolean): string {
  const text = (value: string): string => (isQuoted ? `"${value}"` : value);
  const draw = mixed(number);
  const comment = [0, 1, 2, 3]
    .map((place) => words[(draw >> (place * 4)) % words.length])
    .join(' ');
  const oddity = isQuoted && number % 9 === 0 ? '""soon""\nor later' : '';
  return (
    `${number},${text(`Customer ${draw % 100_000}`)},${text(`${number % 977} Long Street`)},` +
    `${text(cities[draw % cities.length] ?? '')},${((draw % 1_000_000) / 100).toFixed(2)},${day(draw)},` +
    `${text(comment + oddity)},${draw % 3 === 0},${draw % 50},${day(draw >> 3)}T12:${two(draw % 60)}:07Z\n`
  );
}

/** Bad in one of three ways, each of which people make. */
function badRow(number: number): string {
  const good = row(number, false).split(',');
  const kind = mixed(number) % 3;
  if (kind === 0) good[4] = 'many';
  if (kind === 1) good[5] = '2024-02-30';
  if (kind === 2) good.splice(6, 1);
  return good.join(',');
}

function day(draw: number): string {
  return `20${two(10 + (draw % 15))}-${two(1 + (draw % 12))}-${two(1 + (draw % 28))}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** A number that looks random and is always the same (Knuth, multiplicative hashing). */
function mixed(number: number): number {
  return (Math.imul(number, 2_654_435_761) >>> 0) >>> 1;
}
