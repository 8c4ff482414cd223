import {
  type DatasetColumn,
  LoadChunk,
  MergeRows,
  type Outgoing,
  RevertImport,
  RevertRows,
} from '@offload/contracts';
import { v7 } from 'uuid';
import { randomFrom } from '../../test/random-texts.js';
import {
  aDatasetName,
  endOf,
  importHarness,
  type ImportWanted,
  type Road,
} from '../../test/import-harness.js';

const columns: DatasetColumn[] = [
  { name: 'id', type: 'bigint', nullable: false },
  { name: 'name', type: 'text', nullable: true },
];

interface Wanted {
  how: ImportWanted;
  keys: string[][];
}

const byId = [['id']];
const modes: [string, Wanted][] = [
  ['append', { how: {}, keys: [] }],
  ['append by a key', { how: {}, keys: byId }],
  ['upsert', { how: { mode: 'upsert' }, keys: byId }],
  ['upsert that skips', { how: { mode: 'upsert', onConflict: 'skip' }, keys: byId }],
  ['upsert with two keys', { how: { mode: 'upsert', key: ['id'] }, keys: [['id'], ['name']] }],
  ['replacement', { how: { mode: 'replace' }, keys: [] }],
  ['replacement by a key', { how: { mode: 'replace' }, keys: byId }],
];

/** Some chunks, with rows that are bad and rows that meet others all over the file. */
const rows = Array.from({ length: 4_000 }, (_, row) => {
  const id = row % 900 === 17 ? 'bad' : row % 250 === 3 ? row - 750 : row;
  return `${id},${'n'.repeat(400)}${row}`;
});
const text = `id,name\n${rows.join('\n')}\n`;

describe('an import', () => {
  const { db, deliver, importText, rejectionsOf, run } = importHarness();

  it.each(modes)(
    'that is an %s comes to the same whatever the order of its messages, and when each comes twice',
    async (_, wanted) => {
      const plain = await importInto(await aDataset(wanted), wanted);
      const random = randomFrom(1);
      const road: Road = {
        times: 2,
        next: (waiting) => waiting.splice(random.upTo(waiting.length || 1), 1)[0],
      };

      const shuffled = await importInto(await aDataset(wanted), wanted, road);

      expect(shuffled).toEqual(plain);
    },
  );

  it.each(modes)(
    'that is an %s leaves nothing behind where a chunk or a part is interrupted at its end, and goes on',
    async (_, wanted) => {
      const plain = await importInto(await aDataset(wanted), wanted);
      const dataset = await aDataset(wanted);
      const interrupted: string[] = [];
      const road: Road = {
        before: async (message) => {
          const isWork = message.type === LoadChunk.type || message.type === MergeRows.type;
          if (!isWork || interrupted.filter((type) => type === message.type).length > 1) return;
          interrupted.push(message.type);
          const seen = await contentsOf(dataset);
          const delivery = await deliver(message, {
            invoke: async (handle) => {
              await handle();
              throw new Error('the plug was pulled');
            },
          });
          expect(delivery?.outcome).toBe('retry');
          expect(await contentsOf(dataset)).toEqual(seen);
        },
      };

      const disturbed = await importInto(dataset, wanted, road);

      expect(interrupted.length).toBeGreaterThan(1);
      expect(disturbed).toEqual(plain);
    },
  );

  it.each(modes)(
    'that is an %s can be taken back, with messages that come twice',
    async (_, wanted) => {
      const dataset = await aDataset(wanted);
      const before = await contentsOf(dataset);
      const { importId } = await importText(text, { dataset, ...wanted.how });

      const published = await run(RevertImport({ importId, dryRun: false }), { times: 2 });

      expect(published.some(({ type }) => type === RevertRows.type)).toBe(true);
      expect(endOf(published)).toMatchObject({ rowsKept: 0 });
      expect(await contentsOf(dataset)).toEqual(before);
    },
  );

  async function aDataset({ keys }: Wanted): Promise<string> {
    const dataset = aDatasetName();
    const old = Array.from({ length: 50 }, (__, row) => `${row * 7},old ${row}`).join('\n');
    await importText(`id,name\n${old}\n`, { dataset, columns, keys });
    return dataset;
  }

  async function importInto(dataset: string, { how }: Wanted, road: Road = {}): Promise<unknown> {
    const { importId, end } = await importText(text, { dataset, ...how }, road);
    const { rowsLoaded, rowsRejected, rowsCreated, rowsUpdated, rowsUnchanged, rowsSkipped } = end;
    return {
      counts: { rowsLoaded, rowsRejected, rowsCreated, rowsUpdated, rowsUnchanged, rowsSkipped },
      rejections: end['rejections'],
      rejected: await rejectionsOf(importId),
      rows: await contentsOf(dataset),
    };
  }

  async function contentsOf(dataset: string): Promise<unknown> {
    return db().query(
      `select count(*)::int as rows, md5(string_agg(id || ' ' || name, ',' order by id, name)) as digest
         from datasets."${dataset}"`,
    );
  }
});

describe('imports side by side', () => {
  const { db, deliver, importText, run, start } = importHarness();

  it('that upsert the same keys leave what one after the other would', async () => {
    const dataset = aDatasetName();
    await importText('id,name\n', { dataset, columns, keys: [['id']] });
    const numbers = Array.from({ length: 3000 }, (_, row) => row);
    const commands = await Promise.all(
      ['a', 'b', 'c'].map((letter) =>
        start(`id,name\n${numbers.map((id) => `${id},${letter}`).join('\n')}\n`, {
          dataset,
          mode: 'upsert',
        }),
      ),
    );

    const published = await Promise.all(commands.map((command) => run(command)));
    const more = await settle(published.flat());

    const ends = [...published.flat(), ...more].filter(({ type }) => /completed/.test(type));
    expect(ends).toHaveLength(3);
    const counts = ends.map(({ payload }) => payload as Record<string, number>);
    expect(sorted(counts.map(({ rowsCreated }) => rowsCreated))).toEqual([0, 0, 3000]);
    expect(sorted(counts.map(({ rowsUpdated }) => rowsUpdated))).toEqual([0, 3000, 3000]);
    const names: unknown[] = await db().query(
      `select name, count(*)::int as rows from datasets."${dataset}" group by name`,
    );
    expect(names).toEqual([{ name: expect.any(String), rows: 3000 }]);
  });

  it('never show a reader half of a replaced dataset', async () => {
    const dataset = aDatasetName();
    await importText(csv('old', 2000), { dataset, columns, keys: [['id']] });
    const reader = new AbortController();
    const seen = new Set<string>();
    const reading = (async () => {
      while (!reader.signal.aborted) {
        const [row]: { names: string; rows: number }[] = await db().query(
          `select string_agg(distinct name, '+') as names, count(*)::int as rows from datasets."${dataset}"`,
        );
        seen.add(`${row?.rows} ${row?.names}`);
      }
    })();

    await importText(csv('new', 3000), { dataset, mode: 'replace' });
    await importText(csv('newest', 1000), { dataset, mode: 'replace' });
    reader.abort();
    await reading;

    const whole = ['2000 old', '3000 new', '1000 newest'];
    expect([...seen].filter((state) => !whole.includes(state))).toEqual([]);
    expect(seen.size).toBeGreaterThan(1);
  });

  it('that append go on together, and one that replaces waits for them', async () => {
    const { dataset } = await importText('id,name\n1,old\n', { columns });
    const parked: Outgoing[] = [];
    const appending = await start('id,name\n2,appended\n', { dataset });
    await run(appending, { loses: (message) => park(message, LoadChunk.type) });
    const also = await importText('id,name\n3,also\n', { dataset });
    const replacing = await importText('id,name\n9,new\n', { dataset, mode: 'replace' });
    const behind = await importText('id,name\n4,behind\n', { dataset });
    expect([also.end, replacing.end, behind.end].map((end) => 'rowsCreated' in end)).toEqual([
      true,
      false,
      false,
    ]);

    await run(parked);

    const names: { name: string }[] = await db().query(
      `select name from datasets."${dataset}" order by id`,
    );
    expect(names.map(({ name }) => name)).toEqual(['behind', 'new']);

    function park(message: Outgoing, type: string): boolean {
      if (message.type === type) parked.push(message);
      return message.type === type;
    }
  });

  /** Delivers what one import has sent to another. */
  async function settle(published: readonly Outgoing[]): Promise<Outgoing[]> {
    const reports = published.filter(({ type }) => type === 'ingest.report-progress.v1');
    const answers = await Promise.all(
      reports.map(async (report) => (await deliver(report, { messageId: v7() }))?.published ?? []),
    );
    return answers.flat();
  }
});

function csv(name: string, count: number): string {
  return `id,name\n${Array.from({ length: count }, (_, id) => `${id},${name}`).join('\n')}\n`;
}

function sorted(numbers: (number | undefined)[]): number[] {
  return numbers.map(Number).toSorted((one, other) => one - other);
}
