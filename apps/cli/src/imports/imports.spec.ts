import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateImportRequest, type ImportResource } from '@offload/contracts/http';
import { anImport } from '../../test/an-import.js';
import type { Scripted } from '../../test/scripted-api.js';
import { scriptedHarness } from '../../test/scripted-harness.js';

const { id } = anImport({});
const uploadId = '01980000-0000-7000-8000-000000000009';
const rejections = [
  { code: 'cast_error', column: 'born', rows: 1200, first_line: 1017, message: '“x” is no date.' },
  { code: 'missing_columns', column: null, rows: 4, first_line: 22, message: 'Too few fields.' },
];
const withErrors = anImport({
  state: 'completed_with_errors',
  summary: '98 rows of “people.csv” were loaded into people; 1,204 rows were rejected.',
  rejections,
  allowed_actions: ['fix', 'revert'],
  progress: { rows_rejected: 1204, percent: 100 },
});

describe('offload import', () => {
  const { api, offload } = scriptedHarness();
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'offload-cli-'));
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it('says everything that can be asked of an import', async () => {
    const mapping = { columns: [{ to: 'id', from: 'Kd-Nr' }], others: 'ignore' };
    const columns = [{ name: 'id', type: 'bigint', nullable: false }];
    api().answer({ status: 202, body: anImport({}) });

    const ran = await offload([
      ...['import', uploadId, '-d', 'people', '--mode', 'upsert', '--key', 'id, name'],
      ...['--on-conflict', 'skip', '--on-error', 'quarantine', '--reject-limit', '100,2.5%'],
      ...['--hold', '--name', 'March', '--notify', 'ada@example.org', '--unique', 'id'],
      ...['--mapping', written('mapping.json', mapping), '-c', written('columns.json', columns)],
      ...['-s', String.raw`delimiter=\t`, '-s', 'quote=none', '-s', 'header=false', '-s', 'skip=3'],
      ...['-s', 'sheet=2', '--values', 'nulls=NULL,n/a', '--values', 'decimal=,'],
    ]);

    const [asked] = api().asked;
    expect(ran).toMatchObject({ code: 0, out: expect.stringContaining(id) });
    expect(asked?.body).toEqual({
      upload_id: uploadId,
      dataset: { name: 'people', columns, keys: [['id']] },
      source: { delimiter: '\t', quote: null, header: false, skip: 3, sheet: 2 },
      values: { nulls: ['NULL', 'n/a'], decimal: ',' },
      mapping,
      mode: 'upsert',
      key: ['id', 'name'],
      on_conflict: 'skip',
      on_error: 'quarantine',
      reject_limit: { rows: 100, percent: 2.5 },
      hold_for_review: true,
      name: 'March',
      notify: { email: 'ada@example.org' },
    });
  });

  it('leaves everything else to the API, and names a saved mapping by its id', async () => {
    api().answer({ status: 202, body: anImport({}) });

    await offload(['import', uploadId, '-d', 'people', '--dry-run', '--mapping', id]);

    const body = api().asked[0]?.body;
    expect(body).toEqual({
      upload_id: uploadId,
      dataset: { name: 'people' },
      mapping_id: id,
      dry_run: true,
    });
    expect(CreateImportRequest.parse(body)).toEqual(body);
  });

  it.each([
    [['--reject-limit', 'few'], 'Give a number of rows, a share, or both'],
    [['-s', 'delimeter=;'], 'with one of these names: format, packing'],
    [['-s', 'header=no'], 'Give true or false'],
    [['--values', 'decimal'], 'Give name=value'],
    [['--mapping', __filename], 'is not JSON'],
    [['--mode', 'merge'], 'Allowed choices are append, upsert, replace'],
  ])('2: wrong usage, and nothing is sent: %j', async (options, words) => {
    const ran = await offload(['import', uploadId, '-d', 'people', ...options]);

    expect(ran).toMatchObject({ code: 2, err: expect.stringContaining(words) });
    expect(api().asked).toEqual([]);
  });

  it('tells with --watch how it ended, why rows were rejected, and what to type next', async () => {
    api().answer({ status: 202, body: anImport({}) }, ...watched(withErrors));

    const ran = await offload(['import', uploadId, '-d', 'people', '--watch']);

    expect(ran.code).toBe(0);
    expect(ran.out).toBe(
      [
        '98 rows of “people.csv” were loaded into people; 1,204 rows were rejected.',
        '',
        ' ROWS  FIRST LINE  COLUMN  CODE             REASON',
        '1,200       1,017  born    cast_error       “x” is no date.',
        '    4          22  –       missing_columns  Too few fields.',
        '',
      ].join('\n'),
    );
    expect(ran.err).toContain(
      `Correct the rejected rows, and load them:\n  offload imports errors ${id} --csv > errors.csv\n` +
        `  offload imports fix ${id} errors.csv --watch\n`,
    );
  });

  it.each<[number, Partial<ImportResource>, string]>([
    [6, { state: 'awaiting_review', summary: '10 rows are ready.' }, `imports confirm ${id}`],
    [1, { state: 'failed', problem: { code: 'x', detail: 'No header.' } }, 'Failed: No header.'],
    [1, { state: 'canceled', summary: 'It was canceled.' }, 'It is canceled.'],
  ])('%i: it came to something else than was wanted: %j', async (code, given, words) => {
    api().answer(...watched(anImport(given)));

    const ran = await offload(['imports', 'show', id, '--watch']);

    expect(ran).toMatchObject({ code, err: expect.stringContaining(words) });
  });

  function written(name: string, content: object): string {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify(content));
    return path;
  }
});

describe('offload imports', () => {
  const { api, offload } = scriptedHarness();

  it.each([
    ['confirm', 'finalizing', {}],
    ['retry', 'queued', {}],
    ['cancel', 'canceling', { keep_rows: true }],
  ] as const)('%s asks for it once', async (action, state, body) => {
    api().answer({ status: 202, body: anImport({ state }) });
    const options = action === 'cancel' ? ['--keep-rows'] : [];

    const ran = await offload(['imports', action, id, ...options]);

    expect(ran).toMatchObject({ code: 0, out: expect.stringContaining(state) });
    expect(api().asked).toMatchObject([
      {
        method: 'POST',
        path: `/v1/imports/${id}/${action}`,
        headers: { 'idempotency-key': expect.any(String) },
      },
    ]);
    expect(api().asked[0]?.body || {}).toEqual(body);
  });

  it('cancel removes rows only when that was confirmed', async () => {
    api().answer({ body: anImport({ progress: { rows_loaded: 1200 } }) });
    const no = await offload(['imports', 'cancel', id], { input: 'n\n' });
    api().answer({ body: anImport({}) }, { status: 202, body: anImport({ state: 'canceling' }) });
    const yes = await offload(['imports', 'cancel', id], { input: 'y\n' });

    expect(no).toMatchObject({ code: 3, err: expect.stringContaining('(1,200 rows so far)') });
    expect(yes.code).toBe(0);
    expect(api().asked.map(({ method }) => method)).toEqual(['GET', 'GET', 'POST']);
    expect(api().asked[2]?.body).toEqual({ keep_rows: false });
  });

  it('revert shows first what it would do, and does it when the count was typed', async () => {
    const preview = {
      asked_at: '2026-11-22T12:00:00Z',
      answered_at: null,
      state: 'pending' as const,
      counts: null,
      detail: null,
    };
    const counts = { rows_removed: 90, rows_restored: 8, rows_kept: 2 };
    api().answer(
      { status: 202, body: anImport({ state: 'completed', revert_preview: preview }) },
      {
        body: anImport({
          state: 'completed',
          revert_preview: { ...preview, state: 'ready', counts },
        }),
      },
      { status: 202, body: anImport({ state: 'reverting' }) },
    );

    const ran = await offload(['imports', 'revert', id], { input: '98\n' });

    expect(ran.code).toBe(0);
    expect(ran.err).toContain(
      'A revert removes 90 rows and gives 8 rows their former values; 2 rows that somebody has changed ' +
        'since stay. Revert it? Type 98 to go on: ',
    );
    expect(api().asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `POST /v1/imports/${id}/revert?dry_run=1`,
      `GET /v1/imports/${id}`,
      `POST /v1/imports/${id}/revert`,
    ]);
    expect(api().asked[0]?.headers['prefer']).toBe('wait=5');
  });

  it('1: what was asked was refused, with the words of ingest', async () => {
    const asked_at = '2026-11-22T12:00:00Z';
    const last_action = {
      ...{ action: 'cancel' as const, outcome: 'refused' as const, asked_at, asked_by: 'ada' },
      ...{ code: 'too_late', detail: 'It has completed before.' },
    };
    const completed = anImport({ state: 'completed', last_action });
    api().answer({ status: 202, body: anImport({ state: 'canceling' }) }, ...watched(completed));

    const ran = await offload(['imports', 'cancel', id, '--keep-rows', '--watch']);

    expect(ran).toMatchObject({
      code: 1,
      err: expect.stringContaining('Refused: It has completed before. It is completed.'),
    });
  });

  it('0: a cancellation that was asked for and has come', async () => {
    const canceled = anImport({ state: 'canceled', summary: 'It was canceled.' });
    api().answer({ status: 202, body: anImport({ state: 'canceling' }) }, ...watched(canceled));

    const ran = await offload(['imports', 'cancel', id, '--yes', '--watch']);

    expect(ran).toMatchObject({ code: 0, out: 'It was canceled.\n' });
  });

  it('fix sends the corrected file and has it loaded', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'offload-cli-'));
    const file = join(folder, 'errors.csv');
    writeFileSync(file, '_row,a\n7,1\n');
    api().answer(
      { status: 201, body: { id: uploadId } },
      { status: 202, body: anImport({ state: 'queued' }) },
    );

    const ran = await offload(['imports', 'fix', id, file]);
    rmSync(folder, { recursive: true });

    expect(ran.code).toBe(0);
    expect(api().asked.at(-1)).toMatchObject({
      path: `/v1/imports/${id}/fix`,
      body: { upload_id: uploadId },
    });
  });

  it('errors lists them with their reasons', async () => {
    const row = {
      ...{ row: 1016, line: 1017, byte_offset: 52_311, column: 'born', value: '31.02.2026' },
      ...{ code: 'cast_error', message: '“31.02.2026” is not a date.', raw: '', is_cut: false },
    };
    api().answer({ body: { object: 'list', data: [row], has_more: false, next_cursor: null } });

    const ran = await offload(['imports', 'errors', id, '--column', 'born']);

    expect(ran.out).toBe(
      '  ROW   LINE  COLUMN  CODE        VALUE       REASON\n' +
        '1,016  1,017  born    cast_error  31.02.2026  “31.02.2026” is not a date.\n',
    );
    expect(api().asked[0]?.path).toBe(`/v1/imports/${id}/errors?column=born&limit=20`);
  });

  it('errors --csv writes the file as the API sends it, to a file only when it is whole', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'offload-cli-'));
    const output = join(folder, 'errors.csv');
    const body = 'a,_row\r\n"x\ny",7\r\n';
    const headers = { 'content-type': 'text/csv' };
    api().answer({ headers, body }, { headers, body });

    const piped = await offload(['imports', 'errors', id, '--csv']);
    const saved = await offload(['imports', 'errors', id, '-o', output, '--escape-formulas']);
    const content = readFileSync(output, 'utf8');
    rmSync(folder, { recursive: true });

    expect(piped).toMatchObject({ code: 0, out: body });
    expect({ code: saved.code, content }).toEqual({ code: 0, content: body });
    expect(api().asked.map(({ path }) => path)).toEqual([
      `/v1/imports/${id}/errors.csv`,
      `/v1/imports/${id}/errors.csv?formulas=escape`,
    ]);
  });

  it('show tells everything about one', async () => {
    const revert = { action: 'revert' as const, outcome: 'refused' as const };
    const last_action = {
      ...{ ...revert, asked_at: '2026-11-22T11:57:00Z', asked_by: 'ada' },
      ...{ code: 'x', detail: 'The table is gone.' },
    };
    api().answer({ body: { ...withErrors, mode: 'upsert', key: ['id'], attempt: 2, last_action } });

    const { out } = await offload(['imports', 'show', id]);

    expect(out).toMatch(/mode +upsert · by id · attempt 2/);
    expect(out).toMatch(/can be +fixed, reverted/);
    expect(out).toMatch(/asked +revert 3 min ago by ada: refused\. The table is gone\./);
    expect(out).toMatch(/accepted .* by ada/);
  });
});

/** A stream with one snapshot, and the resource that is read after it. */
function watched(run: ImportResource): Scripted[] {
  const told = JSON.stringify({ topic: `import:${run.id}`, data: run });
  return [
    {
      headers: { 'content-type': 'text/event-stream' },
      body: `retry: 10\n\nid: 1\nevent: snapshot\ndata: ${told}\n\nevent: end\ndata: {}\n\n`,
    },
    { body: run },
  ];
}
