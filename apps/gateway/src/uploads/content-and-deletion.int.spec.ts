import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { List, UploadResource } from '@offload/contracts/http';
import { aStoredUpload } from '../../test/builders.js';
import { gatewayHarness } from '../../test/gateway-harness.js';
import { metadata, sha256, tusRequests } from '../../test/tus-requests.js';
import { defaultTenantId } from '../access/bootstrap-access.js';

describe('the content of an upload', () => {
  const { as, aKey, db } = gatewayHarness();
  const bytes = 'id,name\n1,Ada\n';

  const upload = async (fileName: string): Promise<string> => {
    const { headers } = await as()
      .post(`/v1/uploads?file_name=${encodeURIComponent(fileName)}`)
      .type('text/csv')
      .send(bytes)
      .expect(201);
    return `${headers['location']}/content`;
  };

  it('comes back as it was, to be saved under its name and never shown', async () => {
    const path = await upload('naïve.csv');

    const answer = await as().get(path).expect(200);
    const head = await as().head(path).expect(200);

    expect(answer.text).toBe(bytes);
    for (const { headers } of [answer, head]) {
      expect(headers).toMatchObject({
        'content-disposition': `attachment; filename="na_ve.csv"; filename*=UTF-8''na%C3%AFve.csv`,
        'content-type': 'text/csv; charset=utf-8',
        'content-length': String(bytes.length),
        'content-security-policy': "default-src 'none'; sandbox",
        'x-content-type-options': 'nosniff',
        'accept-ranges': 'bytes',
        etag: `"${sha256(bytes)}"`,
      });
    }
  });

  it.each([
    ['bytes=3-6', 206, 'name', 'bytes 3-6/14'],
    ['bytes=8-', 206, '1,Ada\n', 'bytes 8-13/14'],
    ['bytes=-4', 206, 'Ada\n', 'bytes 10-13/14'],
    ['bytes=0-1,4-5', 200, bytes, undefined],
  ])('is sent in part for Range: %s', async (range, status, text, contentRange) => {
    const answer = await as()
      .get(await upload('a.csv'))
      .set('Range', range)
      .expect(status);

    expect(answer.text).toBe(text);
    expect(answer.headers['content-range']).toBe(contentRange);
    expect(answer.headers['content-length']).toBe(String(text.length));
  });

  it('is 416 for a range that is not there', async () => {
    const answer = await as()
      .get(await upload('a.csv'))
      .set('Range', 'bytes=14-')
      .expect(416);

    expect(answer.headers['content-range']).toBe('bytes */14');
    expect(answer.body).toMatchObject({ code: 'range_not_satisfiable' });
  });

  it('is sent whole when the client’s part is of another file, and not at all when it has it', async () => {
    const path = await upload('a.csv');
    const etag = `"${sha256(bytes)}"`;
    const part = () => as().get(path).set('Range', 'bytes=0-1');

    const same = await part().set('If-Range', etag);
    const other = await part().set('If-Range', '"other"');
    const known = await as().get(path).set('If-None-Match', etag);

    expect([same.status, same.text]).toEqual([206, 'id']);
    expect([other.status, other.text]).toEqual([200, bytes]);
    expect(known.status).toBe(304);
  });

  it('is the owner’s alone, and is there only when the upload is ready', async () => {
    const path = await upload('a.csv');
    const stranger = await aKey();
    const { begin } = tusRequests(as);
    const open = await begin(10);
    const { id } = await aStoredUpload(db(), {
      state: 'quarantined',
      scanStatus: 'infected',
      scanSignature: 'Eicar-Test-Signature',
    });

    await as(stranger).get(path).expect(404);
    await as(null).get(path).expect(401);
    const unfinished = await as().get(`${open}/content`).expect(409);
    const infected = await as().get(`/v1/uploads/${id}/content`).expect(409);

    expect(unfinished.body).toMatchObject({
      code: 'invalid_state',
      detail: 'The upload is still receiving: 0 % has come.',
    });
    expect(infected.body.detail).toContain('found Eicar-Test-Signature in it');
  });
});

describe('uploads', () => {
  const { as, aKey, anUpload, db, folder } = gatewayHarness();

  it('are listed, the newest first, page by page and by state', async () => {
    const key = await aKey();
    const { begin } = tusRequests(() => as(key));
    const whole = [await anUpload(key), await anUpload(key)];
    const open = (await begin(10, metadata({ filename: 'b.csv' }))).slice(-36);
    await begin(10, { 'Upload-Concat': 'partial' });

    const first = await as(key).get('/v1/uploads?limit=2').expect(200);
    const { data, next_cursor: cursor } = first.body as List<UploadResource>;
    const second = await as(key).get(`/v1/uploads?limit=2&after=${cursor}`).expect(200);
    const receiving = await as(key).get('/v1/uploads?state=receiving').expect(200);

    expect(data.map(({ id }) => id)).toEqual([open, whole[1]]);
    expect(idsIn(second.body)).toEqual([whole[0]]);
    expect(idsIn(receiving.body)).toEqual([open]);
    expect(data[0]).toMatchObject({ state: 'receiving', file_name: 'b.csv', size: 10, offset: 0 });
    await as(key).get('/v1/uploads?state=gone').expect(422);
  });

  it('are gone when they were deleted, with their file', async () => {
    const id = await anUpload();

    await as().delete(`/v1/uploads/${id}`).expect(204);

    for (const path of [id, `${id}/content`]) await as().get(`/v1/uploads/${path}`).expect(404);
    await as().delete(`/v1/uploads/${id}`).expect(404);
    await startImport(id).expect(404);
    expect(idsIn((await as().get('/v1/uploads?limit=100')).body)).not.toContain(id);
    expect(existsSync(join(folder, defaultTenantId, id))).toBe(false);
  });

  it('cannot be deleted while an import that has not ended reads them, and can afterwards', async () => {
    const id = await anUpload();
    const { body: run } = await startImport(id).expect(202);

    const held = await as().delete(`/v1/uploads/${id}`).expect(409);
    await db().query(`update import set state = 'completed', finished_at = now() where id = $1`, [
      run.id,
    ]);
    await as().delete(`/v1/uploads/${id}`).expect(204);

    expect(held.body).toMatchObject({
      code: 'invalid_state',
      detail: `The upload cannot be deleted: import ${run.id} has not ended and reads it.`,
    });
    await as().get(`/v1/uploads/${id}`).expect(404);
    await as().get(`/v1/imports/${run.id}`).expect(200);
  });

  it('are deleted or imported, when both are asked for at once, but not half of each', async () => {
    for (let round = 0; round < 10; round += 1) {
      const id = await anUpload();

      const [imported, deleted] = await Promise.all([
        startImport(id),
        as().delete(`/v1/uploads/${id}`),
      ]);

      expect([
        [202, 409],
        [404, 204],
      ]).toContainEqual([imported.status, deleted.status]);
    }
  });

  it('are not imported before they are ready, and the refusal says how far they are', async () => {
    const { begin, patch } = tusRequests(as);
    const path = await begin(10);
    await patch(path, 0, 'abcd').expect(204);
    const { id: waiting } = await aStoredUpload(db(), { state: 'scanning', scanStatus: 'pending' });

    const receiving = await startImport(path.slice(-36)).expect(409);
    const scanning = await startImport(waiting).expect(409);

    expect(receiving.body).toMatchObject({
      code: 'invalid_state',
      detail: 'The upload is still receiving: 40 % has come.',
    });
    expect(receiving.headers).not.toHaveProperty('retry-after');
    expect(scanning.body.detail).toBe('The upload has come and waits for its virus scan.');
    expect(scanning.headers['retry-after']).toBe('1');
  });

  const startImport = (id: string) =>
    as()
      .post('/v1/imports')
      .send({ upload_id: id, dataset: { name: 'people' } });
});

function idsIn(list: unknown): string[] {
  return (list as List<UploadResource>).data.map(({ id }) => id);
}
