import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { eventually } from '@offload/testing';
import { gatewayHarness } from '../../test/gateway-harness.js';

const maxBytes = 1_000_000;

describe('uploads', () => {
  const { as, aKey, db, folder, url, bootstrapKey } = gatewayHarness({
    config: { MAX_UPLOAD_BYTES: String(maxBytes) },
  });

  it('stores the body as it is and tells its size and hash', async () => {
    const bytes = Buffer.from('{"not": parsed}\r\n');

    const answer = await as()
      .post('/v1/uploads?file_name=people.json')
      .type('application/json')
      .serialize((body: unknown) => body as string)
      .send(bytes as unknown as string)
      .expect(201);

    expect(answer.body).toEqual({
      id: expect.any(String),
      object: 'upload',
      state: 'ready',
      kind: 'whole',
      file_name: 'people.json',
      declared_type: 'application/json',
      detected_type: 'application/json',
      size: bytes.length,
      offset: bytes.length,
      sha256: sha256(bytes),
      scan: { status: 'off', engine: null, signature: null, at: null },
      problem: null,
      hold: null,
      expires_at: expect.any(String),
      created_at: expect.any(String),
      links: {
        self: `/v1/uploads/${answer.body.id}`,
        content: `/v1/uploads/${answer.body.id}/content`,
      },
    });
    expect(answer.headers['location']).toBe(`/v1/uploads/${answer.body.id}`);
    await as().get(String(answer.headers['location'])).expect(200, answer.body);
    expect(existsSync(await pathOf(answer.body.id))).toBe(true);
  });

  it('stores the file of a form', async () => {
    const answer = await as()
      .post('/v1/uploads')
      .attach('file', Buffer.from('a,b\n'), {
        filename: '../../naïve.csv',
        contentType: 'text/csv',
      })
      .expect(201);

    expect(answer.body).toMatchObject({
      file_name: 'naïve.csv',
      declared_type: 'text/csv',
      size: 4,
      sha256: sha256('a,b\n'),
    });
  });

  it('takes a file of exactly the limit and refuses one byte more', async () => {
    await send(Buffer.alloc(maxBytes, 'x')).expect(201);
    const before = await filesAndRows();

    const declared = await send(Buffer.alloc(maxBytes + 1, 'x')).expect(413);
    const form = await as()
      .post('/v1/uploads')
      .attach('file', Buffer.alloc(maxBytes + 1, 'x'), 'large.csv')
      .expect(413);

    for (const { body } of [declared, form]) expect(body).toMatchObject({ code: 'file_too_large' });
    expect(await filesAndRows()).toEqual(before);
  });

  it.each([
    ['no file', '--x--\r\n', 'validation_failed', 422],
    [
      'a second file',
      part('a', 'a.csv', '1') + part('b', 'b.csv', '2') + '--x--\r\n',
      'validation_failed',
      422,
    ],
    [
      'another field',
      part('a', 'a.csv', '1') + part('note', undefined, 'hi') + '--x--\r\n',
      'unknown_field',
      422,
    ],
    ['a file without bytes', part('a', 'a.csv', '') + '--x--\r\n', 'empty_file', 422],
    ['no end', part('a', 'a.csv', '1'), 'malformed_multipart', 400],
  ])('refuses a form with %s and keeps nothing of it', async (_, body, code, status) => {
    const before = await filesAndRows();

    const answer = await as()
      .post('/v1/uploads')
      .set('Content-Type', 'multipart/form-data; boundary=x')
      .send(body)
      .expect(status);

    expect(answer.body).toMatchObject({ code });
    expect(await filesAndRows()).toEqual(before);
  });

  it('refuses a form without a boundary, an empty body and a compressed one', async () => {
    const form = await as()
      .post('/v1/uploads')
      .set('Content-Type', 'multipart/form-data')
      .send('x')
      .expect(400);
    const empty = await as().post('/v1/uploads').expect(422);
    const encoded = await as()
      .post('/v1/uploads')
      .set('Content-Encoding', 'gzip')
      .send('x')
      .expect(415);

    expect(form.body).toMatchObject({ code: 'malformed_multipart' });
    expect(empty.body).toMatchObject({ code: 'empty_file' });
    expect(encoded.body).toMatchObject({ code: 'unsupported_media_type' });
  });

  it.each(['text/csv', 'multipart/form-data; boundary=x'])(
    'keeps nothing when the client goes away in the middle of %s',
    async (type) => {
      const before = await filesAndRows();
      const socket = connect(Number(new URL(url()).port), '127.0.0.1');
      socket.on('error', () => undefined);
      const head = type === 'text/csv' ? '' : part('file', 'a.csv', '');
      socket.write(
        `POST /v1/uploads HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${bootstrapKey}\r\n` +
          `Content-Type: ${type}\r\nContent-Length: 100000\r\n\r\n${head.trimEnd()}\r\n\r\n${'x'.repeat(5000)}`,
      );
      await eventually(() => expect(incoming()).toHaveLength(1));

      socket.destroy();

      await eventually(() => expect(incoming()).toEqual([]));
      expect(await filesAndRows()).toEqual(before);
    },
  );

  it('is 404 for an id that nobody has, that another tenant has, or that is none', async () => {
    const { body } = await send('a\n').expect(201);
    const stranger = await aKey();

    for (const id of [randomUUID(), 'people.csv']) {
      await as().get(`/v1/uploads/${id}`).expect(404);
    }
    const answer = await as(stranger).get(`/v1/uploads/${body.id}`).expect(404);
    expect(answer.body).toMatchObject({ code: 'not_found' });
  });

  describe('with an Idempotency-Key', () => {
    it('stores the file once and answers the same again', async () => {
      const key = randomUUID();
      const first = await send('a,b\n1,2\n', key).expect(201);
      const before = await filesAndRows();

      const again = await send('a,b\n1,2\n', `"${key}"`).expect(201);

      expect(again.text).toBe(first.text);
      expect(again.headers).toMatchObject({
        'idempotency-replayed': 'true',
        location: first.headers['location'],
      });
      expect(first.headers).not.toHaveProperty('idempotency-replayed');
      expect(await filesAndRows()).toEqual(before);
    });

    it('knows a repeated form by its file', async () => {
      const key = randomUUID();
      const post = () =>
        as()
          .post('/v1/uploads')
          .set('Idempotency-Key', key)
          .attach('file', Buffer.from('a\n'), 'a.csv');
      const first = await post().expect(201);

      const again = await post().expect(201);

      expect(again.text).toBe(first.text);
    });

    it('refuses another file under the same key', async () => {
      const key = randomUUID();
      await send('a,b\n1,2\n', key).expect(201);

      const answer = await send('a,b\n1,3\n', key).expect(422);

      expect(answer.body).toMatchObject({ code: 'idempotency_key_reused' });
    });

    it('is 409 while the first one is still being received, and lets a failed one be sent again', async () => {
      const key = randomUUID();
      const slow = request(`${url()}/v1/uploads`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${bootstrapKey}`, 'Idempotency-Key': key },
      });
      slow.on('error', () => undefined);
      slow.write('a,b\n');
      await eventually(async () => expect(await leases(key)).toBe(1));

      const meanwhile = await send('a,b\n', key).expect(409);
      slow.destroy();
      await eventually(async () => expect(await leases(key)).toBe(0));
      const later = await send('a,b\n', key).expect(201);

      expect(meanwhile.body).toMatchObject({ code: 'idempotency_in_flight', retryable: true });
      expect(meanwhile.headers['retry-after']).toBe('1');
      expect(later.headers).not.toHaveProperty('idempotency-replayed');
    });

    it('takes over from an upload whose process has died', async () => {
      const key = randomUUID();
      await db().query(
        `insert into idempotency_lease (tenant_id, route, key, holder, expires_at)
         select tenant_id, 'POST /v1/uploads', $1, gen_random_uuid(), now() - interval '1 second'
           from api_key where name = 'bootstrap' limit 1`,
        [key],
      );

      const answer = await send('a,b\n', key);

      expect(answer.status).toBe(201);
    });

    it('refuses a key that is no header', async () => {
      const answer = await send('a\n', 'x'.repeat(256)).expect(400);

      expect(answer.body).toMatchObject({ code: 'invalid_header' });
    });
  });

  const send = (body: string | Buffer, key?: string) => {
    const post = as()
      .post('/v1/uploads')
      .set('Content-Type', 'text/csv')
      .serialize((bytes: unknown) => bytes as string);
    return (key === undefined ? post : post.set('Idempotency-Key', key)).send(body as string);
  };

  const incoming = (): string[] => readdirSync(join(folder, '.incoming'));

  const leases = async (key: string): Promise<number> => {
    const rows: unknown[] = await db().query('select 1 from idempotency_lease where key = $1', [
      key,
    ]);
    return rows.length;
  };

  const pathOf = async (id: string): Promise<string> => {
    const [row]: { storage_key: string }[] = await db().query(
      'select storage_key from upload where id = $1',
      [id],
    );
    return join(folder, row?.storage_key ?? '');
  };

  /** Everything under the storage folder, and how many uploads there are. */
  const filesAndRows = async () => ({
    files: readdirSync(folder, { recursive: true }).map(String).toSorted(),
    rows: await db().query('select count(*) from upload'),
  });
});

function part(name: string, fileName: string | undefined, body: string): string {
  const file = fileName === undefined ? '' : `; filename="${fileName}"`;
  return `--x\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n${body}\r\n`;
}

function sha256(bytes: string | Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
