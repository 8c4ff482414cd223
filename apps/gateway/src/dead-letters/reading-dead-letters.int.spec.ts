import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { DeadLetterResource } from '@offload/contracts/http';
import { LocalFileStore } from '@offload/storage';
import { v7 } from 'uuid';
import { aStoredEmail, aStoredImport } from '../../test/builders.js';
import { aStoredDeadLetter, type DeadLetterFields } from '../../test/dead-letter-builders.js';
import { gatewayHarness } from '../../test/gateway-harness.js';
import { defaultTenantId } from '../access/bootstrap-access.js';

describe('reading dead letters', () => {
  const { as, aKey, anUpload, db, folder } = gatewayHarness();

  it('lists the newest first, in pages, without their messages', async () => {
    const queue = randomUUID();
    const ids = [await stored({ queue }), await stored({ queue }), await stored({ queue })];

    const { body: page } = await as().get(`/v1/dead-letters?limit=2&queue=${queue}`).expect(200);
    const { body: rest } = await as()
      .get(`/v1/dead-letters?limit=2&queue=${queue}&after=${page.next_cursor}`)
      .expect(200);

    expect(idsIn(page)).toEqual([ids[2], ids[1]]);
    expect(page).toMatchObject({ has_more: true });
    expect(page.data[0]).not.toHaveProperty('body');
    expect(idsIn(rest)).toEqual([ids[0]]);
    expect(rest).toMatchObject({ has_more: false, next_cursor: null });
  });

  it('finds them by every member of the filter', async () => {
    const queue = randomUUID();
    const tenantId = v7();
    const wanted = await stored({
      queue,
      tenantId,
      replays: 3,
      properties: { type: 'a.b.v1' },
      failure: { code: 'x.y', service: 'me', failedAt: new Date('2026-03-01T00:00:00Z') },
    });
    const other = await stored({ queue });
    const { body } = await as().get(`/v1/dead-letters/${wanted}`).expect(200);

    const filters = [
      'message_type=a.b.v1',
      'service=me',
      'code=x.y',
      `tenant=${tenantId}`,
      `group=${body.group_id}`,
      'failed_after=2026-03-01T00:00:00Z',
      'failed_after=2026-02-01T00:00:00Z&failed_before=2026-03-01T00:00:00.001Z',
      'replays_min=3',
      'replays_min=1&replays_max=3',
      `state=open&text=${wanted}`,
    ];
    for (const filter of filters) {
      const found = await as().get(`/v1/dead-letters?queue=${queue}&${filter}`).expect(200);
      expect([filter, ...idsIn(found.body)]).toEqual([filter, wanted]);
    }
    const { body: before } = await as()
      .get(`/v1/dead-letters?queue=${queue}&failed_before=2026-03-01T00:00:00Z`)
      .expect(200);
    const { body: closed } = await as()
      .get(`/v1/dead-letters?queue=${queue}&state=discarded`)
      .expect(200);
    expect(idsIn(before)).toEqual([other]);
    expect(idsIn(closed)).toEqual([]);
  });

  it('looks for a text as it stands in ids, subject, failure and body, upper and lower case alike', async () => {
    const queue = randomUUID();
    const wanted = await stored({
      queue,
      messageId: 'Message-7',
      subject: 'order:100%_Done',
      body: Buffer.from('{"to":"Ada@Example.org"}'),
      failure: { message: String.raw`C:\temp is FULL` },
    });
    await stored({ queue, subject: 'order:100 or Done' });

    for (const text of ['message-7', '100%_d', 'ADA@example', String.raw`c:\temp`, 'full']) {
      const found = await as()
        .get(`/v1/dead-letters?queue=${queue}&text=${encodeURIComponent(text)}`)
        .expect(200);
      expect([text, ...idsIn(found.body)]).toEqual([text, wanted]);
    }
  });

  it.each([
    'text=a',
    'state=gone',
    'failed_after=yesterday',
    'replays_min=-1',
    'queue=a&nonsense=1',
    'group=7',
  ])('refuses the filter %s', async (filter) => {
    const listed = await as().get(`/v1/dead-letters?${filter}`);
    const exported = await as().get(`/v1/dead-letters/export?${filter}`);

    expect([listed.status, exported.status]).toEqual([422, 422]);
  });

  it('takes the largest numbers and the oddest times that fit', async () => {
    const number = await as().get('/v1/dead-letters?replays_min=9007199254740991');
    const time = await as().get('/v1/dead-letters?failed_after=0000-01-01T00:00:00Z');

    expect([number.status, time.status]).toEqual([200, 200]);
  });

  it('says what a message refers to, how that stands, and what is gone', async () => {
    const run = await aStoredImport(db(), { state: 'loading', fileName: 'people.csv' });
    const email = await aStoredEmail(db());
    const gone = v7();
    const payload = {
      importId: run.id,
      file: { key: `${run.tenantId}/${run.uploadId}`, sha256: '0' },
      nested: [{ emailId: email.id }, { uploadId: run.uploadId }, { importId: gone }],
      lost: { key: 'x/y', sha256: '0' },
    };
    const id = await stored({ body: Buffer.from(JSON.stringify(payload)) });

    const { body } = await as().get(`/v1/dead-letters/${id}`).expect(200);

    expect(body.references).toEqual([
      {
        pointer: '/importId',
        kind: 'import',
        id: run.id,
        found: true,
        summary: 'The import of “people.csv” into people is loading.',
        href: `/v1/imports/${run.id}`,
      },
      {
        pointer: '/file',
        kind: 'file',
        id: payload.file.key,
        found: true,
        summary: expect.stringMatching(/^The file is gone from the storage; it was “people.csv”/),
        href: `/v1/uploads/${run.uploadId}`,
      },
      {
        pointer: '/lost',
        kind: 'file',
        id: 'x/y',
        found: false,
        summary: 'There is no such file here; it has been deleted, or it never was.',
        href: null,
      },
      expect.objectContaining({
        pointer: '/nested/0/emailId',
        summary: 'The e-mail “Hello” to ada@example.org is queued.',
      }),
      expect.objectContaining({
        kind: 'upload',
        summary: expect.stringMatching(/^The upload is “people.csv”, 1,000 bytes/),
      }),
      expect.objectContaining({ pointer: '/nested/2/importId', found: false }),
    ]);
  });

  it('says of a file whether the storage has it, with and without its upload', async () => {
    const uploadId = await anUpload();
    const key = `${defaultTenantId}/${uploadId}`;
    const stray = `${defaultTenantId}/${v7()}`;
    await new LocalFileStore(folder).put(stray, Readable.from(['a']));
    const payload = { file: { key, sha256: '0' }, other: { key: stray, sha256: '0' } };
    const id = await stored({ body: Buffer.from(JSON.stringify(payload)) });

    const { body } = await as().get(`/v1/dead-letters/${id}`).expect(200);

    expect(body.references).toMatchObject([
      {
        summary: expect.stringMatching(/^The file is in the storage: “.*”, 8 bytes, received at /),
        href: `/v1/uploads/${uploadId}`,
      },
      {
        found: true,
        summary: 'The file is in the storage: 1 byte, of no upload that is known.',
        href: null,
      },
    ]);
  });

  it('exports with messages, the oldest first, as far as the filter goes', async () => {
    const queue = randomUUID();
    const ids = await Promise.all(Array.from({ length: 210 }, () => stored({ queue })));
    await stored({ queue: `${queue}-other` });

    const answer = await as().get(`/v1/dead-letters/export?queue=${queue}`).expect(200);

    const lines = answer.text.trimEnd().split('\n');
    const letters = lines.map((line) => JSON.parse(line) as DeadLetterResource);
    expect(answer.headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
    expect(letters.map(({ id }) => id)).toEqual(ids.toSorted());
    expect(letters[0]).toMatchObject({ object: 'dead_letter', body: { rows: 3 }, history: [] });
  });

  it('exports nothing as nothing', async () => {
    const { text } = await as().get(`/v1/dead-letters/export?queue=${randomUUID()}`).expect(200);

    expect(text).toBe('');
  });

  it('is for operators only, and says so for what does not exist', async () => {
    const id = await stored({});
    const user = await aKey({ scopes: ['imports:read', 'emails:read'] });
    const operator = await aKey({ scopes: ['operations:read'] });

    const answers = [
      await as(user).get('/v1/dead-letters'),
      await as(user).get(`/v1/dead-letters/${id}`),
      await as(user).get('/v1/dead-letters/export'),
      await as(operator).get(`/v1/dead-letters/${id}`),
      await as(operator).post(`/v1/dead-letters/${id}/discards`).send({ reason: 'No.' }),
      await as().get(`/v1/dead-letters/${randomUUID()}`),
      await as().get('/v1/dead-letters/nothing'),
    ];

    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 200, 403, 404, 404]);
  });

  const stored = (fields: DeadLetterFields): Promise<string> => aStoredDeadLetter(db(), fields);
});

function idsIn({ data }: { data: { id: string }[] }): string[] {
  return data.map(({ id }) => id);
}
