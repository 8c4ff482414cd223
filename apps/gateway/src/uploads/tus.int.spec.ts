import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { FileStore } from '@offload/storage';
import { eventually } from '@offload/testing';
import { gatewayHarness } from '../../test/gateway-harness.js';
import {
  checksum,
  metadata,
  offsetStream,
  sha256,
  tus,
  tusRequests,
} from '../../test/tus-requests.js';
import { defaultTenantId } from '../access/bootstrap-access.js';

const maxBytes = 1_000_000;

describe('tus', () => {
  const { as, aKey, app, bootstrapKey, db, folder, url } = gatewayHarness({
    config: { MAX_UPLOAD_BYTES: String(maxBytes), UPLOAD_EXPIRES_HOURS: '2' },
  });
  const { create, begin, patch, head, show } = tusRequests(as);

  describe('discovery and versions', () => {
    it('tells what is spoken, and the limits', async () => {
      const answer = await as().options('/v1/uploads').expect(204);

      expect(answer.headers).toMatchObject({
        'tus-version': '1.0.0',
        'tus-extension':
          'creation,creation-with-upload,creation-defer-length,termination,expiration,checksum,concatenation,concatenation-unfinished',
        'tus-checksum-algorithm': 'sha1,sha256,md5',
        'tus-max-size': String(maxBytes),
        'upload-limit': `max-size=${maxBytes}, max-age=7200`,
      });
    });

    it('does nothing for another version, and says which one it speaks', async () => {
      const path = await begin(3);

      for (const refused of [
        await create({ 'Tus-Resumable': '0.2.2', 'Upload-Length': '3' }),
        await head(path).set('Tus-Resumable', '2.0.0'),
        await patch(path, 0, 'abc', { 'Tus-Resumable': '2.0.0' }),
        await as().patch(path).set(offsetStream).set('Upload-Offset', '0').send('abc'),
        await as().delete(path).set('Tus-Resumable', '2.0.0'),
      ]) {
        expect(refused.status).toBe(412);
        expect(refused.headers['tus-version']).toBe('1.0.0');
      }
      expect(await show(path)).toMatchObject({ state: 'receiving', offset: 0 });
    });

    it('names its version in every answer to a client that speaks it, also without a key', async () => {
      const path = await begin(3);

      for (const answer of [
        await head(path),
        await patch(path, 9, 'abc'),
        await as(null).head(path).set(tus),
        await as(null).post('/v1/uploads').set(tus),
      ]) {
        expect(answer.headers['tus-resumable']).toBe('1.0.0');
      }
    });

    it('takes PATCH, HEAD and DELETE in a POST that says so', async () => {
      const path = await begin(3);
      const post = (method: string) =>
        as()
          .post(path)
          .set({ ...tus, 'X-HTTP-Method-Override': method });

      await post('PATCH').set(offsetStream).set('Upload-Offset', '0').send('abc').expect(204);
      const told = await post('HEAD').expect(200);
      await post('DELETE').expect(204);

      expect(told.headers['upload-offset']).toBe('3');
      await as().get(path).expect(404);
    });
  });

  describe('the usual upload', () => {
    it('comes in pieces, is ready with the last one, and is the same file', async () => {
      const begun = await create({
        'Upload-Length': '12',
        ...metadata({ filename: '../naïve.csv', filetype: 'text/csv', note: '' }),
      }).expect(201);
      const path = String(begun.headers['location']);
      expect(begun.headers['upload-expires']).toBe(inHours(begun.body.created_at, 2));

      const first = await patch(path, 0, 'id,name\n').expect(204);
      const between = await head(path).expect(200);
      const seen = await show(path);
      const last = await patch(path, 8, '1,x\n').expect(204);

      expect(first.headers).toMatchObject({
        'upload-offset': '8',
        'upload-expires': expect.any(String),
      });
      expect(between.headers).toMatchObject({
        'upload-offset': '8',
        'upload-length': '12',
        'upload-metadata': metadata({ filename: '../naïve.csv', filetype: 'text/csv', note: '' })[
          'Upload-Metadata'
        ]?.trim(),
        'cache-control': 'no-store',
      });
      expect(seen).toMatchObject({ state: 'receiving', size: 12, offset: 8, sha256: null });
      expect(last.headers['upload-offset']).toBe('12');
      expect(last.headers).not.toHaveProperty('upload-expires');
      expect(await show(path)).toMatchObject({
        state: 'ready',
        file_name: 'naïve.csv',
        declared_type: 'text/csv',
        detected_type: 'text/csv',
        size: 12,
        offset: 12,
        sha256: sha256('id,name\n1,x\n'),
      });
      expect(readFileSync(fileOf(path), 'utf8')).toBe('id,name\n1,x\n');
    });

    it('may bring its first bytes with the creation, or all of them', async () => {
      const some = await create({ 'Upload-Length': '6', ...offsetStream })
        .send('a,b\n')
        .expect(201);
      const all = await create({ 'Upload-Length': '4', ...offsetStream })
        .send('a,b\n')
        .expect(201);

      expect(some.headers['upload-offset']).toBe('4');
      expect(some.body).toMatchObject({ state: 'receiving', offset: 4 });
      expect(all.headers['upload-offset']).toBe('4');
      expect(all.body).toMatchObject({ state: 'ready', sha256: sha256('a,b\n') });
    });

    it('may leave its length open until the last piece', async () => {
      const path = await begin(undefined);
      await patch(path, 0, 'a,b\n').expect(204);
      const open = await head(path).expect(200);
      expect(open.headers).toMatchObject({ 'upload-defer-length': '1', 'upload-offset': '4' });
      expect(open.headers).not.toHaveProperty('upload-length');

      await patch(path, 4, '', { 'Upload-Length': '4' }).expect(204);

      expect(await show(path)).toMatchObject({ state: 'ready', size: 4 });
    });

    it('begins once for an Idempotency-Key, and takes the bytes of a repetition no second time', async () => {
      const key = { 'Idempotency-Key': randomUUID(), ...offsetStream };
      const first = await create({ 'Upload-Length': '6', ...key }).send('a,b\n');

      const again = await create({ 'Upload-Length': '6', ...key }).send('a,b\n');

      expect(again.headers['location']).toBe(first.headers['location']);
      expect(again.headers['idempotency-replayed']).toBe('true');
      expect((await show(String(first.headers['location']))).offset).toBe(4);
    });

    it.each([
      ['no length', {}, 400, 'invalid_header'],
      ['a length over the limit', { 'Upload-Length': String(maxBytes + 1) }, 413, 'file_too_large'],
      ['nothing to come', { 'Upload-Length': '0' }, 422, 'empty_file'],
      [
        'metadata that are none',
        { 'Upload-Length': '3', 'Upload-Metadata': 'a b c' },
        400,
        'invalid_header',
      ],
      [
        'bytes of another type',
        { 'Upload-Length': '3', 'Content-Type': 'text/csv' },
        415,
        'unsupported_media_type',
      ],
    ])('is not begun with %s', async (_, headers, status, code) => {
      const answer = await create({ ...offsetStream, ...headers }).send('abc');

      expect(answer.status).toBe(status);
      expect(answer.body).toMatchObject({ code });
    });

    it('refuses what does not fit where it stands, and stands there still', async () => {
      const path = await begin(6);
      await patch(path, 0, 'abc').expect(204);

      for (const [offset, bytes, headers, status, code] of [
        [2, 'abc', {}, 409, 'mismatching_upload_offset'],
        [6, '', {}, 409, 'mismatching_upload_offset'],
        [3, 'abcd', {}, 413, 'file_too_large'],
        [3, 'abc', { 'Upload-Length': '7' }, 400, 'inconsistent_upload_length'],
        [3, 'abc', { 'Content-Type': 'text/csv' }, 415, 'unsupported_media_type'],
        [3, 'abc', { 'Upload-Offset': 'x' }, 400, 'invalid_header'],
      ] as const) {
        const answer = await patch(path, offset, bytes, headers);
        expect([answer.status, answer.body.code]).toEqual([status, code]);
      }
      expect((await head(path)).headers['upload-offset']).toBe('3');
      await patch(path, 3, 'def').expect(204);
      await patch(path, 6, '').expect(204);
      expect(await show(path)).toMatchObject({ state: 'ready', sha256: sha256('abcdef') });
    });

    it('keeps of a request that goes on past the end what fits', async () => {
      const path = await begin(5);
      const chunked = await send(path, { 'Upload-Offset': '0', 'Transfer-Encoding': 'chunked' });
      chunked.write('8\r\nabcdefgh\r\n0\r\n\r\n');

      const answer = await textOf(chunked);

      expect(answer).toContain('413');
      await eventually(async () =>
        expect((await head(path).expect(200)).headers['upload-offset']).toBe('5'),
      );
    });

    it('is 404 for an id that nobody has, and for another tenant', async () => {
      const path = await begin(3);
      const stranger = await aKey();

      for (const missing of [`/v1/uploads/${randomUUID()}`, '/v1/uploads/x']) {
        await head(missing).expect(404);
        await patch(missing, 0, 'abc').expect(404);
      }
      for (const answer of [
        await head(path, stranger),
        await as(stranger)
          .patch(path)
          .set(tus)
          .set(offsetStream)
          .set('Upload-Offset', '0')
          .send('x'),
        await as(stranger).delete(path).set(tus),
      ]) {
        expect(answer.status).toBe(404);
      }
      expect((await head(path)).headers['upload-offset']).toBe('0');
    });

    it('needs a key that may upload', async () => {
      const reader = await aKey({ scopes: ['imports:read'] });

      for (const key of [reader, null] as const) {
        const answers = [
          await as(key).options('/v1/uploads'),
          await as(key).post('/v1/uploads').set(tus).set('Upload-Length', '3'),
          await as(key).get('/v1/uploads'),
        ];
        const expected = key === null ? 401 : 403;
        expect(answers.map(({ status }) => status)).toEqual([expected, expected, expected]);
      }
    });
  });

  describe('checksums', () => {
    it.each(['sha1', 'sha256', 'md5'])('are compared: %s', async (algorithm) => {
      const path = await begin(8);

      await patch(path, 0, 'id,name\n', checksum(algorithm, 'id,name\n')).expect(204);

      expect(await show(path)).toMatchObject({ state: 'ready', sha256: sha256('id,name\n') });
    });

    it('keep nothing of a piece that does not fit, and the next one makes the file whole', async () => {
      const path = await begin(8);
      await patch(path, 0, 'id,', checksum('sha1', 'id,')).expect(204);

      const wrong = await patch(path, 3, 'nbme\n', checksum('sha1', 'name\n')).expect(460);
      const stands = await head(path);
      await patch(path, 3, 'name\n', checksum('sha1', 'name\n')).expect(204);

      expect(wrong.body).toMatchObject({ code: 'checksum_mismatch', retryable: true });
      expect(stands.headers['upload-offset']).toBe('3');
      expect(await show(path)).toMatchObject({ state: 'ready', sha256: sha256('id,name\n') });
      expect(readFileSync(fileOf(path), 'utf8')).toBe('id,name\n');
    });

    it('keep nothing of a piece that breaks off', async () => {
      const path = await begin(8);
      const socket = await send(path, {
        'Upload-Offset': '0',
        'Content-Length': '8',
        ...checksum('sha1', 'id,name\n'),
      });
      socket.write('id,n');
      await eventually(() => expect(sizeOfPartial(path)).toBe(4));

      socket.destroy();

      await eventually(async () => expect(await leases(path)).toBe(0));
      expect((await head(path)).headers['upload-offset']).toBe('0');
      await patch(path, 0, 'id,name\n').expect(204);
      expect(await show(path)).toMatchObject({ sha256: sha256('id,name\n') });
    });
  });

  describe('a connection that breaks', () => {
    it('leaves what has come, and the upload goes on from there', async () => {
      const path = await begin(8);
      const socket = await send(path, { 'Upload-Offset': '0', 'Content-Length': '8' });
      socket.write('id,n');
      await eventually(() => expect(sizeOfPartial(path)).toBe(4));

      socket.destroy();

      await eventually(async () =>
        expect((await head(path).expect(200)).headers['upload-offset']).toBe('4'),
      );
      await patch(path, 4, 'ame\n').expect(204);
      expect(await show(path)).toMatchObject({ state: 'ready', sha256: sha256('id,name\n') });
    });

    it('is stopped by whoever asks where to go on, although it is not known to be broken', async () => {
      const path = await begin(8);
      const stale = await send(path, { 'Upload-Offset': '0', 'Content-Length': '8' });
      const told = textOf(stale);
      stale.write('id,n');
      await eventually(() => expect(sizeOfPartial(path)).toBe(4));

      const stands = await head(path).expect(200);
      await patch(path, 4, 'ame\n').expect(204);

      expect(stands.headers['upload-offset']).toBe('4');
      expect(await told).toMatch(/^HTTP\/1\.1 423 /);
      expect(await show(path)).toMatchObject({ state: 'ready', sha256: sha256('id,name\n') });
    });

    it('is stopped by the request that goes on, also when that one guesses right', async () => {
      const path = await begin(8);
      const stale = await send(path, { 'Upload-Offset': '0', 'Content-Length': '8' });
      stale.on('error', () => undefined);
      stale.write('id,n');
      await eventually(() => expect(sizeOfPartial(path)).toBe(4));

      await patch(path, 4, 'ame\n').expect(204);

      expect(await show(path)).toMatchObject({ state: 'ready', sha256: sha256('id,name\n') });
      stale.destroy();
    });

    it('is stopped by a deletion, after which nothing is left', async () => {
      const path = await begin(8);
      const stale = await send(path, { 'Upload-Offset': '0', 'Content-Length': '8' });
      stale.on('error', () => undefined);
      stale.write('id,n');
      await eventually(() => expect(sizeOfPartial(path)).toBe(4));

      await as().delete(path).set(tus).expect(204);

      await head(path).expect(404);
      await patch(path, 4, 'ame\n').expect(404);
      expect(sizeOfPartial(path)).toBeUndefined();
      stale.destroy();
    });
  });

  describe('a process that died', () => {
    it('has stored more than is written down, and that counts', async () => {
      const path = await begin(8);
      await storedOnly(path, 'id,n');
      await died(path, false);

      const stands = await head(path).expect(200);
      await patch(path, 4, 'ame\n').expect(204);

      expect(stands.headers['upload-offset']).toBe('4');
      expect(readFileSync(fileOf(path), 'utf8')).toBe('id,name\n');
      // Nobody has hashed it on its way, so it is read again for that.
      expect(await show(path)).toMatchObject({ state: 'received', sha256: null });
    });

    it('has stored what nobody has compared with its checksum, and that does not count', async () => {
      const path = await begin(8);
      await storedOnly(path, 'wr0n');
      await died(path, true);

      const stands = await head(path).expect(200);
      await patch(path, 0, 'id,name\n').expect(204);

      expect(stands.headers['upload-offset']).toBe('0');
      expect(readFileSync(fileOf(path), 'utf8')).toBe('id,name\n');
    });

    it('has left a file that two have written to, and the upload begins anew', async () => {
      const path = await begin(8);
      await storedOnly(path, 'id,name\nand more');
      await finish(path);
      await died(path, false);

      const stands = await head(path).expect(200);
      await patch(path, 0, 'id,name\n').expect(204);

      expect(stands.headers['upload-offset']).toBe('0');
      expect(readFileSync(fileOf(path), 'utf8')).toBe('id,name\n');
    });

    it('is only frozen, and finishes a write when another goes on: those bytes do not count', async () => {
      const path = await begin(8);
      await patch(path, 0, 'id').expect(204);
      const socket = await send(path, { 'Upload-Offset': '2', 'Content-Length': '6' });
      const told = textOf(socket);
      socket.write(',n');
      await eventually(() => expect(sizeOfPartial(path)).toBe(4));

      appendFileSync(join(folder, '.partials', keyOf(path)), 'xx');
      socket.write('ame\n');

      expect(await told).toMatch(/^HTTP\/1\.1 423 /);
      expect((await head(path)).headers['upload-offset']).toBe('2');
      await patch(path, 2, ',name\n').expect(204);
      expect(readFileSync(fileOf(path), 'utf8')).toBe('id,name\n');
    });

    it.each([
      ['between the last byte and the file', async () => undefined],
      ['between the file and the commit', (path: string) => finish(path)],
    ])('%s, and the upload is whole all the same', async (_, then) => {
      const path = await begin(8);
      await storedOnly(path, 'id,name\n');
      await then(path);
      await died(path, false);

      const stands = await head(path).expect(200);

      expect(stands.headers['upload-offset']).toBe('8');
      expect(await show(path)).toMatchObject({ state: 'received', offset: 8 });
      expect(readFileSync(fileOf(path), 'utf8')).toBe('id,name\n');
    });
  });

  describe('a file that is something else', () => {
    const pdf = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(10_000, ' ')]);
    const csv = metadata({ filename: 'a.csv', filetype: 'text/csv' });

    it('is rejected with its first bytes, and nothing of it is kept', async () => {
      const path = await begin(100_000, csv);

      const refused = await patch(path, 0, pdf).expect(422);

      const detail = 'The file says it is CSV, but it is a PDF document.';
      expect(refused.body).toMatchObject({ code: 'unsupported_file_type', detail });
      expect(await show(path)).toMatchObject({
        state: 'rejected',
        detected_type: 'application/pdf',
        problem: { code: 'unsupported_file_type', detail },
      });
      expect(sizeOfPartial(path)).toBeUndefined();
      await head(path).expect(422);
      await patch(path, 0, 'a,b\n').expect(422);
    });

    it('is rejected with its last byte when its pieces are small', async () => {
      const path = await begin(9, csv);
      await patch(path, 0, '%PD').expect(204);

      await patch(path, 3, 'F-1.7\n').expect(422);

      expect(await show(path)).toMatchObject({ state: 'rejected' });
      expect(existsSync(fileOf(path))).toBe(false);
    });

    it('is refused by a plain POST, which keeps nothing', async () => {
      const answer = await as()
        .post('/v1/uploads')
        .type('text/csv')
        .serialize((body: unknown) => body as string)
        .send(pdf as unknown as string)
        .expect(422);

      expect(answer.body).toMatchObject({ code: 'unsupported_file_type' });
    });
  });

  describe('concatenation', () => {
    const part = { 'Upload-Concat': 'partial' };

    it('keeps parts for themselves, and tells what they are', async () => {
      const path = await begin(4, part);
      await patch(path, 0, 'a,b\n').expect(204);

      const { headers } = await head(path).expect(200);
      const list = await as().get('/v1/uploads?limit=100').expect(200);

      expect(headers).toMatchObject({ 'upload-concat': 'partial', 'upload-offset': '4' });
      expect(await show(path)).toMatchObject({ state: 'received', kind: 'part' });
      expect(list.body.data.map(({ id }: { id: string }) => id)).not.toContain(idOf(path));
    });

    it('puts together what has no end yet, and begins when the last part is whole', async () => {
      const [one, two] = [await begin(4, part), await begin(4, part)];
      await patch(one, 0, 'a,b\n').expect(204);
      const header = final(`${url()}${one}`, two);
      const begun = await create({ ...header, ...metadata({ filename: 'ab.csv' }) }).expect(201);
      const path = String(begun.headers['location']);
      const before = await head(path).expect(200);
      await as().delete(one).expect(409);

      await patch(two, 0, '1,2\n').expect(204);

      const after = await head(path).expect(200);
      expect(before.headers).toMatchObject({ 'upload-concat': header['Upload-Concat'] });
      for (const { headers } of [before, after])
        expect(headers).not.toHaveProperty('upload-offset');
      expect(after.headers['upload-length']).toBe('8');
      expect(await show(path)).toMatchObject({ state: 'received', kind: 'assembled', size: 8 });
      expect(await checksAskedFor(path)).toBe(1);
    });

    it('is begun by one of two parts that become whole at once', async () => {
      const parts = await Promise.all([begin(4, part), begin(4, part), begin(4, part)]);
      const { headers } = await create(final(...parts)).expect(201);

      await Promise.all(parts.map((path) => patch(path, 0, 'a,b\n').expect(204)));

      expect(await checksAskedFor(String(headers['location']))).toBe(1);
    });

    it('refuses bytes for what is put together, and parts that are none', async () => {
      const one = await begin(4, part);
      const { headers } = await create(final(one)).expect(201);
      const whole = await begin(4);
      const theirs = await begin(4, part, await aKey());

      const answers = [
        await patch(String(headers['location']), 0, 'a'),
        await create({ ...final(one), 'Upload-Length': '4' }),
        await create(final(whole)),
        await create(final(theirs)),
        await create(final(`/v1/uploads/${randomUUID()}`)),
      ];

      expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
        [403, 'final_upload'],
        [400, 'invalid_header'],
        [400, 'invalid_header'],
        [404, 'not_found'],
        [404, 'not_found'],
      ]);
    });

    it('takes an empty part, and refuses a whole that would be empty or too large', async () => {
      const empty = await begin(0, part);
      const halves = await Promise.all([begin(maxBytes, part), begin(1, part)]);

      const nothing = await create(final(empty)).expect(201);

      expect(nothing.body).toMatchObject({ state: 'rejected', problem: { code: 'empty_file' } });
      await create(final(...halves)).expect(413);
    });
  });

  const fileOf = (path: string): string => join(folder, keyOf(path));

  const sizeOfPartial = (path: string): number | undefined =>
    statSync(join(folder, '.partials', keyOf(path)), { throwIfNoEntry: false })?.size;

  const leases = async (path: string): Promise<number> => {
    const rows: unknown[] = await db().query('select from upload_lease where upload_id = $1', [
      idOf(path),
    ]);
    return rows.length;
  };

  const checksAskedFor = async (path: string): Promise<number> => {
    const rows: unknown[] = await db().query(
      `select from outbox_message where routing_key = 'gateway.check-upload.v1'
          and convert_from(body, 'UTF8')::json ->> 'uploadId' = $1`,
      [idOf(path)],
    );
    return rows.length;
  };

  /** As a killed process leaves it: bytes in the storage, a lease whose time is over, an older offset. */
  const died = async (path: string, isChecked: boolean): Promise<void> => {
    await db().query(
      `insert into upload_lease (upload_id, holder, expires_at, is_checked)
       values ($1, gen_random_uuid(), now() - interval '1 second', $2)`,
      [idOf(path), isChecked],
    );
  };
  const storedOnly = (path: string, bytes: string) =>
    app()
      .get(FileStore, { strict: false })
      .append(keyOf(path), Readable.from([bytes]), { offset: 0 });

  const finish = (path: string) => app().get(FileStore, { strict: false }).finish(keyOf(path));

  /** A PATCH whose bytes the test sends itself. */
  const send = async (path: string, headers: Record<string, string>): Promise<Socket> => {
    const socket = connect(Number(new URL(url()).port), '127.0.0.1');
    const lines = Object.entries({
      Host: 'x',
      Authorization: `Bearer ${bootstrapKey}`,
      ...tus,
      ...offsetStream,
      ...headers,
    }).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`PATCH ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
    return socket;
  };
});

function idOf(path: string): string {
  return path.slice(-36);
}

function keyOf(path: string): string {
  return `${defaultTenantId}/${idOf(path)}`;
}

/** The header Upload-Concat of what is put together. */
function final(...paths: string[]): { 'Upload-Concat': string } {
  return { 'Upload-Concat': `final;${paths.join(' ')}` };
}

/** Everything that is answered until the end of the connection, or the first part of it. */
function textOf(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    socket.once('data', (bytes) => resolve(bytes.toString()));
    socket.once('error', reject);
  });
}

function inHours(createdAt: string, hours: number): string {
  return new Date(new Date(createdAt).getTime() + hours * 3_600_000).toUTCString();
}
