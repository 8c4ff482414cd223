import { Readable } from 'node:stream';
import { type DatasetColumn, ValueOptions } from '@offload/contracts';
import { dialectOf, RecordScanner, type ResolvedSource } from '@offload/formats';
import { databaseOptions, migrate } from '@offload/platform';
import { workerDatabase } from '@offload/testing';
import { DatabaseError } from 'pg';
import { DataSource, type EntityManager } from 'typeorm';
import { aSource } from '../../../test/builders.js';
import { type Random, randomFrom } from '../../../test/random-texts.js';
import { database } from '../../database/database.js';
import { createTable, IMPORT_ID_SETTING, tableOf } from '../../datasets/dataset-table.js';
import type { ImportPlan } from '../import-plan.js';
import { copyAround, type StrictChunk } from './copy-around.js';
import { lineIn } from './copy-good-rows.js';
import { type CopiedRows, copyRecords } from './copy-records.js';
import { copyRows } from './copy-rows.js';
import { copyCsv, type CopyTarget } from './copy-target.js';
import { numberRecords } from './number-records.js';
import { readRecords } from './read-records.js';

/** A failure names its seed and its text; another seed here gives other texts. */
const firstSeed = 1;

const columns: DatasetColumn[] = [
  { name: 'id', type: 'bigint', nullable: false },
  { name: 'text', type: 'text', nullable: true },
];
const plain = tableOf('around_plain');
const keyed = tableOf('around_keyed');

describe(copyAround.name, () => {
  let db: DataSource;

  beforeAll(async () => {
    const url = await workerDatabase();
    await migrate(database(url));
    db = await new DataSource(databaseOptions(database(url))).initialize();
    await db.query(createTable('around_plain', columns));
    await db.query(createTable('around_keyed', columns, [['id']]));
  });

  afterAll(async () => {
    for (const table of [plain, keyed]) await db.query(`drop table ${table}`);
    await db.destroy();
  });

  it('stores and refuses what reading each record would, or gives up', async () => {
    const ways = { around: 0, givenUp: 0 };

    for (let seed = firstSeed; seed < firstSeed + 800; seed++) {
      const random = randomFrom(seed);
      const { text, source } = aFile(random);
      const target = random.pick<CopyTarget>([
        { table: plain, columns },
        { table: keyed, columns },
        { table: plain, columns, number: { column: '_id', base: 1000 } },
      ]);
      for (const strict of strictChunks(text, planOf(source, target), target)) {
        const around = await copiedAround(strict);
        if (around === undefined) ways.givenUp += 1;
        if (around === undefined || around === 'copied') continue;
        ways.around += 1;
        expect({ seed, text, around }).toEqual({ seed, text, around: await read(strict) });
      }
    }

    // A comparison of one way alone would not have compared much.
    expect(Math.min(ways.around, ways.givenUp)).toBeGreaterThan(100);
  });

  it('keeps a line feed that is text at the end of a file of carriage returns', async () => {
    const target = { table: plain, columns };
    const plan = planOf(aSource({ newline: 'cr' }), target);
    const [strict] = strictChunks('1,a\r2,b\rx,c\r3,d\n', plan, target);
    if (!strict) throw new Error('The chunk is not strict.');

    // To give up is right as well: then each record is read.
    expect([undefined, await read(strict)]).toContainEqual(await copiedAround(strict));
  });

  const copiedAround = (strict: Untried): Promise<Made> =>
    madeBy(strict.target, async (tx) => {
      const line = await stumblesOn({ ...strict, tx });
      return line === undefined ? 'copied' : await copyAround({ ...strict, tx }, line);
    });

  const read = (strict: Untried): Promise<Made> =>
    madeBy(strict.target, (tx) => readAll({ ...strict, tx }));

  /** What comes of it and what the table then holds; it is taken back. */
  async function madeBy(
    { table, number }: CopyTarget,
    work: (tx: EntityManager) => Promise<CopiedRows | 'copied' | undefined>,
  ): Promise<Made> {
    const runner = db.createQueryRunner();
    await runner.startTransaction();
    try {
      await runner.query(`set local ${IMPORT_ID_SETTING} to '${noImport}'`);
      const made = await work(runner.manager);
      if (made === undefined || made === 'copied') return made;
      const id = number ? '_id, ' : '';
      const stored: unknown = await runner.query(
        `select ${id} id, text from ${table} order by _id`,
      );
      return { ...made, stored };
    } finally {
      await runner.rollbackTransaction();
      await runner.release();
    }
  }
});

type Untried = Omit<StrictChunk, 'tx'>;
type Made = (CopiedRows & { stored: unknown }) | 'copied' | undefined;

function strictChunks(text: string, plan: ImportPlan, target: CopyTarget): Untried[] {
  const file = Buffer.from(text);
  const scanner = new RecordScanner(dialectOf(plan.source));
  return [...scanner.push(file), ...scanner.end()]
    .filter(({ strict }) => strict)
    .map((chunk) => ({ plan, target, chunk, slice: file.subarray(chunk.from, chunk.to) }));
}

/** The line that PostgreSQL names when it is given the whole chunk; undefined when it names none. */
async function stumblesOn({ tx, plan, target, slice, chunk }: StrictChunk) {
  const first = (target.number?.base ?? 0) + chunk.firstRow;
  const sent = target.number
    ? numberRecords(slice, { first, rows: chunk.rows }, dialectOf(plan.source))
    : slice;
  const copied = await copyRows(tx, copyCsv(target, plan.source), Readable.from([sent]));
  return copied instanceof DatabaseError ? lineIn(copied) : undefined;
}

function readAll({ tx, plan, target, slice, chunk }: StrictChunk): Promise<CopiedRows> {
  const at = { offset: chunk.from, row: chunk.firstRow, line: chunk.firstLine };
  return copyRecords({ tx, plan, target, records: [...readRecords(slice, plan, at)] });
}

const noImport = '00000000-0000-0000-0000-000000000000';

function planOf(source: ResolvedSource, { table }: CopyTarget): ImportPlan {
  return {
    source,
    sourceColumns: ['id', 'text'],
    columns: columns.map((column, from) => ({ column, from, values: ValueOptions.parse({}) })),
    dataset: { tableName: null, columns, keys: table === keyed ? [['id']] : [], lastId: 0 },
    sink: 'direct',
    key: null,
  };
}

/** Mostly good rows, with difficult texts among them, and a few bad ones, often at the ends. */
function aFile(random: Random): { text: string; source: ResolvedSource } {
  const newline = random.pick(['lf', 'crlf', 'cr'] as const);
  const lineBreak = { lf: '\n', crlf: '\r\n', cr: '\r' }[newline];
  const usual = ['a', '', '""', `"x${lineBreak}${lineBreak}y"`, '"x\ny"', '"x\ry"', '"q""q"', 'é'];
  const odd = ['a\rb', 'a\nb', 'b\n', 'b\r', '\\.', 'a\\', '"\\."'];
  const wrong = ['x,a', '1', '1,a,b', ',a', '1e99,"a"', `y,"p${lineBreak}q"`, '7,\0'];
  const rows = 3 + random.upTo(60);
  const places = [random.upTo(rows), random.upTo(rows), 0, rows - 2, rows - 1];
  const bad = new Set(Array.from({ length: 1 + random.upTo(4) }, () => random.pick(places)));
  const lines = Array.from({ length: rows }, (_, row) => {
    if (bad.has(row)) return random.pick(wrong);
    const isOdd = random.upTo(row === rows - 1 ? 3 : 40) === 0;
    return `${row + 10},${random.pick(isOdd ? odd : usual)}`;
  });
  // A row with the key of another, which may be far away.
  if (random.upTo(3) === 0) lines[random.upTo(rows)] = `${10 + random.upTo(rows)},twin`;
  const between = newline === 'crlf' && random.upTo(8) === 0 ? '\n' : lineBreak;
  const end = random.pick(['', lineBreak]);
  return { text: lines.join(between) + end, source: aSource({ newline }) };
}
