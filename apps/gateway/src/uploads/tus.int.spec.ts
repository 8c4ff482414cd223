import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { eventually } from '@offload/testing';
import { maxBytes, textOf, tusHarness } from '../../test/tus-harness.js';
import { metadata, offsetStream, sha256, tus } from '../../test/tus-requests.js';

describe('tus', () => {
  const { aKey, as, begin, create, fileOf, head, patch, send, show, sizeOfPartial } = tusHarness();

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
});

function inHours(createdAt: string, hours: number): string {
  return new Date(new Date(createdAt).getTime() + hours * 3_600_000).toUTCString();
}
