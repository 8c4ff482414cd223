import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ColumnType } from '@offload/contracts';
import { migrate } from '@offload/platform';
import { workerDatabase } from '@offload/testing';
import { Client, DatabaseError } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { database } from '../../database/database.js';
import { copyStatement } from '../../datasets/copy-statement.js';
import { createTable, IMPORT_ID_SETTING, tableOf } from '../../datasets/dataset-table.js';
import { checkValue, type CsvDialect, parseRecords, RecordScanner } from '@offload/formats';
import { numberRecords } from './number-records.js';
import { RecordPile } from './record-pile.js';
import { aFile, type Random, randomFrom, someValues } from '../../../test/random-texts.js';

/**
 * What ingest says of PostgreSQL without asking it, compared with the real one over texts made at random.
 * A failure names its seed and its text; another seed here gives other texts.
 */
const firstSeed = 1;

const maxWidth = 4;

describe('PostgreSQL', () => {
  let db: Client;

  beforeAll(async () => {
    const url = await workerDatabase();
    await migrate(database(url));
    db = new Client({ connectionString: url });
    await db.connect();
    await db.query(`set ${IMPORT_ID_SETTING} to '00000000-0000-0000-0000-000000000000'`);
    for (const width of widths) await db.query(createTable(tableFor(width), columnsOf(width)));
    await db.query(`
      create function pg_temp.accepts(value text, type text) returns boolean language plpgsql as $$
        declare ignored text;
        begin
          execute format('select (%L::text)::%s', value, type) into ignored;
          return true;
        exception when others then
          return false;
        end
      $$`);
  });

  afterAll(async () => {
    for (const width of widths) await db.query(`drop table ${tableOf(tableFor(width))}`);
    await db.end();
  });

  it.each(ColumnType.options)('accepts as %s what is said to be ok, and no more', async (type) => {
    const values = someValues(randomFrom(firstSeed));
    const sqlType = type === 'double' ? 'double precision' : type;

    for (const order of ['YMD', 'MDY', 'DMY']) {
      await db.query(`set datestyle to 'ISO, ${order}'`);
      const { rows } = await db.query<{ value: string; accepted: boolean }>(
        'select value, pg_temp.accepts(value, $2) as accepted from unnest($1::text[]) value',
        [values, sqlType],
      );
      const wrong = rows.filter(({ value, accepted }) => {
        const verdict = checkValue(type, value);
        return verdict !== 'unsure' && (verdict === 'ok') !== accepted;
      });
      expect({ seed: firstSeed, order, wrong }).toEqual({ seed: firstSeed, order, wrong: [] });
    }
  });

  it.each([
    ['a strict chunk', (slice: Buffer) => slice],
    ['any records of a strict chunk', someRecords],
  ])('reads %s as we do, or refuses it', async (_, choose) => {
    let loaded = 0;
    let refused = 0;

    for (let seed = firstSeed; seed < firstSeed + 1500; seed++) {
      const random = randomFrom(seed);
      const { text, dialect } = aFile(random, maxWidth);
      for (const chunk of strictSlices(text, dialect, random)) {
        const slice = choose(chunk, dialect, random);
        const ours = [...parseRecords(slice, dialect)].map(({ fields }) => fields);
        const width = ours[0]?.length ?? Infinity;
        if (width > maxWidth) continue;
        const theirs = await load(slice, width, dialect);
        if (theirs === 'refused') refused += 1;
        else loaded += 1;
        expect({ seed, text, rows: theirs === 'refused' ? ours : theirs }).toEqual({
          seed,
          text,
          rows: ours,
        });
      }
    }

    // A comparison that refused everything, or nothing, would not have compared much.
    expect(Math.min(loaded, refused)).toBeGreaterThan(20);
  });

  it('reads a strict chunk with a number in front of each record as we do, or refuses it', async () => {
    let loaded = 0;

    for (let seed = firstSeed; seed < firstSeed + 800; seed++) {
      const random = randomFrom(seed);
      const { text, dialect } = aFile(random, maxWidth - 1);
      for (const slice of strictSlices(text, dialect, random)) {
        const records = [...parseRecords(slice, dialect)];
        const width = (records[0]?.fields.length ?? Infinity) + 1;
        if (width > maxWidth) continue;
        const numbered = numberRecords(slice, { first: 7, rows: records.length }, dialect);
        const theirs = await load(numbered, width, dialect);
        if (theirs === 'refused') continue;
        loaded += 1;
        expect({ seed, text, rows: theirs }).toEqual({
          seed,
          text,
          rows: records.map(({ fields }, index) => [String(7 + index), ...fields]),
        });
      }
    }

    expect(loaded).toBeGreaterThan(20);
  });

  /** The rows that COPY makes of a slice; they are taken back. */
  async function load(slice: Buffer, width: number, dialect: CsvDialect) {
    await db.query('begin');
    try {
      const copy = copyFrom(copyStatement(tableOf(tableFor(width)), columnsOf(width), dialect));
      await pipeline(Readable.from([slice]), db.query(copy));
      const names = columnsOf(width).map(({ name }) => name);
      const text = `select ${names.join(', ')} from ${tableOf(tableFor(width))} order by _id`;
      const { rows } = await db.query<(string | null)[]>({ text, rowMode: 'array' });
      return rows;
    } catch (error) {
      if (error instanceof DatabaseError && error.code?.startsWith('22')) return 'refused';
      throw error;
    } finally {
      await db.query('rollback');
    }
  }
});

const widths = Array.from({ length: maxWidth }, (_, index) => index + 1);

function tableFor(width: number): string {
  return `agrees_${width}`;
}

function columnsOf(width: number) {
  return Array.from({ length: width }, (_, index) => {
    return { name: `c${index}`, type: 'text' as const, nullable: true };
  });
}

function strictSlices(text: string, dialect: CsvDialect, random: Random): Buffer[] {
  const file = Buffer.from(text);
  const scanner = new RecordScanner(dialect, { chunkBytes: 1 + random.upTo(20) });
  const chunks = [...scanner.push(file), ...scanner.end()];
  return chunks.filter(({ strict }) => strict).map(({ from, to }) => file.subarray(from, to));
}

/** As they are copied when others beside them are bad. */
function someRecords(slice: Buffer, dialect: CsvDialect, random: Random): Buffer {
  const pile = new RecordPile(slice, 0, dialect);
  const at = { offset: 0, row: 1, line: 1 };
  for (const record of parseRecords(slice, dialect, at)) {
    if (random.upTo(3) > 0) pile.add(record);
  }
  return pile.bytes();
}
