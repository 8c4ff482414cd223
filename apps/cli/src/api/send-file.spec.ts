import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scriptedHarness } from '../../test/scripted-harness.js';

const id = '01980000-0000-7000-8000-000000000001';
const upload = { id, state: 'ready', file_name: 'large.csv' };
const size = 9 * 1024 ** 2;

describe('a large file', () => {
  const { api, offload } = scriptedHarness();
  const folder = mkdtempSync(join(tmpdir(), 'offload-cli-'));
  const file = join(folder, 'large.csv');
  beforeAll(() => writeFileSync(file, Buffer.alloc(size, 'a,b\n')));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('goes on where it was, as often as the connection breaks', async () => {
    api().answer(
      { status: 201, body: upload },
      { body: '', headers: { 'content-length': '9' }, cut: true },
      stands(4_000_000),
      refused(423, 'upload_locked'),
      stands(8_000_000),
      { status: 204, ...stands(size) },
      { body: upload },
    );

    const ran = await offload(['upload', file, '--quiet']);

    expect(ran).toMatchObject({ code: 0, out: `${id}\n` });
    const [begun, ...others] = api().asked;
    expect(begun).toMatchObject({
      method: 'POST',
      headers: {
        'tus-resumable': '1.0.0',
        'upload-length': String(size),
        'upload-metadata': `filename ${base64('large.csv')},filetype ${base64('text/csv')}`,
      },
    });
    expect(
      others.map(({ method, headers }) => [
        method,
        headers['upload-offset'],
        headers['content-length'],
      ]),
    ).toEqual([
      ['PATCH', '0', String(size)],
      ['HEAD', undefined, undefined],
      ['PATCH', '4000000', String(size - 4_000_000)],
      ['HEAD', undefined, undefined],
      ['PATCH', '8000000', String(size - 8_000_000)],
      ['GET', undefined, undefined],
    ]);
  });

  it('is not sent again when the API refuses it', async () => {
    api().answer({ status: 201, body: upload }, refused(422, 'unsupported_file_type'));

    const ran = await offload(['upload', file, '--quiet']);

    expect(ran).toMatchObject({ code: 4, err: expect.stringContaining('Not so.') });
    expect(api().asked).toHaveLength(2);
  });

  it('is imported once it is ready', async () => {
    api().answer(
      { status: 201, body: upload },
      { status: 204, ...stands(size) },
      { body: { ...upload, state: 'scanning', hold: null } },
      { body: upload },
      { status: 202, body: { id, state: 'queued' } },
    );

    const ran = await offload(['import', file, '--dataset', 'd', '--quiet']);

    expect(ran).toMatchObject({
      code: 0,
      out: expect.stringContaining(`Import ${id} is accepted.`),
    });
    expect(api().asked.at(-1)?.body).toMatchObject({ upload_id: id });
  });

  it('is not imported when it was rejected', async () => {
    const problem = { code: 'infected', detail: 'The virus scanner found Eicar in it.' };
    api().answer(
      { status: 201, body: upload },
      { status: 204, ...stands(size) },
      { body: { ...upload, state: 'quarantined', problem } },
    );

    const ran = await offload(['import', file, '--dataset', 'd', '--quiet']);

    expect(ran).toMatchObject({ code: 1, err: expect.stringContaining('found Eicar in it.') });
  });
});

function stands(offset: number) {
  return { headers: { 'upload-offset': String(offset) } };
}

function refused(status: number, code: string) {
  return {
    status,
    body: { code, status, title: 'No', detail: 'Not so.', request_id: 'r-1', retryable: false },
  };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
