import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImportResource, KeptRow, List, RejectedRow } from '@offload/contracts/http';
import { type Around, type Ran, runOffload } from './harness/command-line.js';
import { stackHarness } from './harness/stack-harness.js';

const columns = [
  { name: 'id', type: 'bigint', nullable: false },
  { name: 'name', type: 'text', nullable: false },
  { name: 'born', type: 'date', nullable: true },
];
/** Two good rows, one with a value that is none, one with a field too many. */
const dirty = 'id,name,born\n1,Ada,1815-12-10\n2,Grace,soon\n3,Alan,1912-06-23,x\n4,Edsger,\n';

describe('a person who changes their mind about an import', () => {
  const running = stackHarness();
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'offload-e2e-'));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const offload = (argv: readonly string[], around?: Around): Promise<Ran> =>
    runOffload(running().stack, argv, around);

  const json = async <T>(...argv: string[]): Promise<T> => {
    const { code, out, err } = await offload([...argv, '--json']);
    if (code !== 0) throw new Error(`offload ${argv.join(' ')} ended with ${code}: ${err}`);
    return JSON.parse(out) as T;
  };

  const load = (dataset: string, text: string, ...options: string[]): Promise<Ran> =>
    offload([
      ...['import', written(`${dataset}.csv`, text), '-d', dataset, '--watch'],
      ...[
        '--columns',
        written('columns.json', JSON.stringify(columns)),
        '--unique',
        'id',
        ...options,
      ],
    ]);

  const newest = async (dataset: string): Promise<ImportResource> => {
    const { data } = await json<List<ImportResource>>('imports', 'list', '--dataset', dataset);
    if (!data[0]) throw new Error(`Nothing was imported into ${dataset}.`);
    return data[0];
  };

  const rowsOf = async (dataset: string): Promise<string[]> => {
    const { rows } = await running().db.query<{ row: string }>(
      `select concat_ws(' ', id, name, born) as row from datasets.${dataset} order by id`,
    );
    return rows.map(({ row }) => row);
  };

  it('sees first what would happen', async () => {
    const ran = await load('tried', dirty, '--dry-run');

    const { id } = await newest('tried');
    const { data } = await json<List<RejectedRow>>('imports', 'errors', id);
    expect(ran).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^Dry run: 2 rows .* would be loaded into tried; 2 rows would be/),
    });
    expect(data).toMatchObject([
      { row: 2, line: 3, column: 'born', value: 'soon' },
      { row: 3, line: 4, code: 'too_many_columns' },
    ]);
  });

  it('holds it for review, lets it in, and has the rejected rows corrected', async () => {
    const held = await load('reviewed', dirty, '--hold');
    const { id } = await newest('reviewed');
    const { rows: before } = await running().db.query(
      `select to_regclass('datasets.reviewed') as table`,
    );

    const confirmed = await offload(['imports', 'confirm', id, '--watch']);
    const list = join(folder, 'errors.csv');
    await offload(['imports', 'errors', id, '-o', list]);
    const text = readFileSync(list, 'utf8');
    writeFileSync(list, text.replace('soon', '1906-12-09').replace(',x,3,', ',,3,'));
    const fixed = await offload(['imports', 'fix', id, list, '--watch']);

    expect(held).toMatchObject({ code: 6, err: expect.stringContaining(`imports confirm ${id}`) });
    expect(before).toEqual([{ table: null }]);
    expect(confirmed.code).toBe(0);
    expect(text).toMatch(/^id,name,born,_extra_1,_row,_error_code,_error\r\n/);
    expect(fixed).toMatchObject({
      code: 0,
      out: '4 rows of “reviewed.csv” were loaded into reviewed.\n',
    });
    expect(await rowsOf('reviewed')).toEqual([
      '1 Ada 1815-12-10',
      '2 Grace 1906-12-09',
      '3 Alan 1912-06-23',
      '4 Edsger',
    ]);
  });

  it('undoes it: rows are as they were before, and what others have changed since stays', async () => {
    const { db } = running();
    await load('undone', 'id,name,born\n1,Ada,\n2,Grace,\n');
    await load('undone', 'id,name,born\n2,Grace H.,\n3,Alan,\n4,Edsger,\n', '--mode', 'upsert');
    const { id } = await newest('undone');
    await db.query(`update datasets.undone set name = 'Edsger W.' where id = 4`);

    const tried = await offload(['imports', 'revert', id, '--dry-run']);
    const reverted = await offload(['imports', 'revert', id, '--watch'], { input: '2\n' });
    const { data: kept } = await json<List<KeptRow>>('imports', 'kept-rows', id);

    expect(tried.out).toBe(
      'A revert removes 1 row and gives 1 row their former values; 1 row that somebody has changed since stays.\n',
    );
    expect(reverted).toMatchObject({
      code: 0,
      out: expect.stringContaining('was reverted: 1 row'),
    });
    expect(await rowsOf('undone')).toEqual(['1 Ada', '2 Grace', '4 Edsger W.']);
    expect(kept).toHaveLength(1);
  });

  it('cancels it, and goes on with it after all', async () => {
    await load('canceled', dirty, '--hold');
    const { id } = await newest('canceled');

    const canceled = await offload(['imports', 'cancel', id, '--yes', '--watch']);
    const refused = await offload(['imports', 'confirm', id]);
    const retried = await offload(['imports', 'retry', id, '--watch']);
    const confirmed = await offload(['imports', 'confirm', id, '--watch']);

    expect(canceled).toMatchObject({ code: 0, out: expect.stringContaining('was canceled') });
    expect(refused).toMatchObject({
      code: 4,
      err: expect.stringContaining('This import is canceled; it cannot be confirmed.'),
    });
    expect(retried.code).toBe(6);
    expect(confirmed.code).toBe(0);
    expect(await rowsOf('canceled')).toHaveLength(2);
    expect(await newest('canceled')).toMatchObject({
      id,
      attempt: 2,
      created_by: { name: 'bootstrap' },
    });
  });

  it('is answered at the end when it can wait so long', async () => {
    const { api } = running();
    const upload = await api.upload('id\n1\n2\n');

    const answer = await api.post<ImportResource>(
      '/v1/imports',
      { upload_id: upload.id, dataset: { name: 'awaited' } },
      { prefer: 'wait=5' },
    );

    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ state: 'completed', progress: { rows_created: 2 } });
  });

  function written(name: string, content: string): string {
    const file = join(folder, name);
    writeFileSync(file, content);
    return file;
  }
});
