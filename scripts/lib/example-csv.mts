import { createHash } from 'node:crypto';
import { createWriteStream, existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Faker } from '@faker-js/faker';
import { inRepository } from './repository.mts';

const ROWS = 100_000;
/** Rows that cannot be stored, spread over the file; what is wrong with each is in `SPOILED`. */
const BAD_ROWS = 40;

/** The columns of the example, as `POST /v1/imports` takes them. */
export const EXAMPLE_COLUMNS = [
  { name: 'customer_id', type: 'bigint', nullable: false },
  { name: 'name', type: 'text', nullable: false },
  { name: 'email', type: 'text', nullable: false },
  { name: 'country', type: 'text', nullable: false },
  { name: 'signed_up_on', type: 'date', nullable: false },
  { name: 'last_order_at', type: 'timestamptz', nullable: true },
  { name: 'balance', type: 'numeric', nullable: false },
  { name: 'is_active', type: 'boolean', nullable: false },
  { name: 'orders', type: 'bigint', nullable: false },
  { name: 'note', type: 'text', nullable: true },
];

/**
 * The path of a CSV file of customers: 100 000 realistic rows, 40 of them wrong in the ways files
 * are wrong. The same bytes every time; made at the first call, which takes a few seconds.
 */
export async function exampleCsv(): Promise<string> {
  const recipe = readFileSync(inRepository('scripts/lib/example-csv.mts'));
  const version = createHash('sha256').update(recipe).digest('hex').slice(0, 8);
  const file = inRepository('.data/examples', `customers-${version}.csv`);
  if (existsSync(file)) return file;
  mkdirSync(dirname(file), { recursive: true });
  const incomplete = `${file}.${process.pid}`;
  const { faker } = await import('@faker-js/faker');
  faker.seed(20_241);
  await pipeline(lines(faker), createWriteStream(incomplete));
  renameSync(incomplete, file);
  return file;
}

async function* lines(faker: Faker): AsyncGenerator<string> {
  yield `${EXAMPLE_COLUMNS.map(({ name }) => name).join(',')}\r\n`;
  const every = Math.floor(ROWS / BAD_ROWS);
  for (let row = 1; row <= ROWS; row += 1) {
    const fields = customer(faker, row);
    const badRow = row % every === every >> 1 ? Math.floor(row / every) : undefined;
    if (badRow !== undefined) SPOILED[badRow % SPOILED.length]?.(fields);
    yield `${fields.map(quoted).join(',')}\r\n`;
  }
}

function customer(faker: Faker, row: number): string[] {
  const firstName = faker.person.firstName();
  const lastName = faker.person.lastName();
  const signedUp = faker.date.between({ from: '2015-01-01', to: '2025-12-31' });
  const ordered = faker.date.between({ from: signedUp, to: '2026-06-30' });
  const orders = faker.number.int({ min: 0, max: 250 });
  return [
    String(row),
    `${firstName} ${lastName}`,
    `${firstName}.${lastName}.${row}@example.com`.toLowerCase().replace(/[^a-z0-9.@]/g, ''),
    faker.location.countryCode(),
    signedUp.toISOString().slice(0, 10),
    orders === 0 ? '' : ordered.toISOString(),
    faker.finance.amount({ min: -500, max: 25_000 }),
    String(faker.datatype.boolean(0.8)),
    String(orders),
    note(faker, row),
  ];
}

/** Mostly empty; now and then with the characters that CSV has to quote. */
function note(faker: Faker, row: number): string {
  if (row % 7 !== 0) return '';
  const said = faker.lorem.sentence({ min: 3, max: 10 });
  if (row % 21 === 0) return `Called on Monday.\nSaid: "${said}"`;
  return row % 14 === 0 ? `Prefers "${said}", by post` : said;
}

function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

const SPOILED: ((fields: string[]) => void)[] = [
  (fields) => fields.splice(4, 1, '2024-02-30'),
  (fields) => fields.splice(6, 1, '1.234,50'),
  (fields) => fields.splice(8, 1, 'many'),
  (fields) => fields.splice(7, 1, 'perhaps'),
  (fields) => fields.splice(4, 1, ''),
  (fields) => fields.splice(9, 1),
  (fields) => fields.splice(5, 1, 'last Tuesday'),
  (fields) => fields.push('one field too many'),
];
