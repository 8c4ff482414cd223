import { v7 } from 'uuid';
import { gatewayHarness } from '../../../test/gateway-harness.js';
import { tusRequests } from '../../../test/tus-requests.js';

describe('the quotas of a tenant', () => {
  const { as, aKey, db } = gatewayHarness({
    config: {
      MAX_UPLOAD_BYTES: '5000',
      UPLOAD_OPEN_LIMIT: '3',
      UPLOAD_STORED_BYTES_LIMIT: '1000',
      UPLOAD_DAILY_BYTES_LIMIT: '2000',
    },
  });
  let tenantId: string;
  let key: string;
  const { create, begin, patch } = tusRequests(() => as(key));
  beforeEach(async () => {
    tenantId = v7();
    key = await aKey({ tenantId });
  });

  const send = (length: number) =>
    as(key).post('/v1/uploads').type('text/csv').send('x'.repeat(length));

  it('hold stored bytes, counting what unfinished uploads will have', async () => {
    await begin(600);
    await send(300).expect(201);

    const late = await create({ 'Upload-Length': '101' }).expect(429);
    const plain = await send(101).expect(429);
    await create({ 'Upload-Length': '100' }).expect(201);

    for (const { body } of [late, plain]) {
      expect(body).toMatchObject({
        code: 'quota_exceeded',
        retryable: true,
        quota: { name: 'stored_bytes', limit: 1000, used: 900, resets_in_s: null },
      });
    }
    expect(late.body.detail).toBe(
      '900 of the 1000 bytes that may be stored are in use; this is more than is left.',
    );
  });

  it('give the bytes back that were deleted', async () => {
    const { headers } = await send(900).expect(201);
    const before = await send(200);

    await as(key).delete(String(headers['location'])).expect(204);

    const after = await send(200);
    expect([before.status, after.status]).toEqual([429, 201]);
  });

  it('hold an upload whose length is open to what is left', async () => {
    await send(900).expect(201);
    const path = await begin(undefined);

    await patch(path, 0, 'x'.repeat(60)).expect(204);
    const tooMuch = await patch(path, 60, 'x'.repeat(60)).expect(429);
    const tooLong = await patch(path, 60, '', { 'Upload-Length': '120' }).expect(429);
    await patch(path, 60, 'x'.repeat(40), { 'Upload-Length': '100' }).expect(204);

    for (const { body } of [tooMuch, tooLong]) expect(body.code).toBe('quota_exceeded');
  });

  it('hold the bytes of a day, also of what was deleted, and say when it begins anew', async () => {
    for (let count = 0; count < 2; count += 1) {
      const { headers } = await send(900).expect(201);
      await as(key).delete(String(headers['location'])).expect(204);
    }

    const answer = await send(300).expect(429);

    const { quota } = answer.body;
    expect(quota).toMatchObject({ name: 'bytes_per_day', limit: 2000, used: 1800 });
    expect(quota.resets_in_s).toBeGreaterThan(0);
    expect(quota.resets_in_s).toBeLessThanOrEqual(86_400);
    expect(answer.headers['retry-after']).toBe(String(quota.resets_in_s));
    await db().query(`update upload_traffic set day = day - 1`);
    await send(300).expect(201);
  });

  it('count a resumable upload by what has come of it', async () => {
    const path = await begin(900);
    await patch(path, 0, 'x'.repeat(500)).expect(204);
    await patch(path, 500, 'x'.repeat(400)).expect(204);

    expect(await sentToday()).toBe(900);
  });

  it('hold open uploads, also when they are begun at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => create({ 'Upload-Length': '10' })),
    );

    const statuses = answers.map(({ status }) => status);
    expect(statuses.toSorted((a, z) => a - z)).toEqual([201, 201, 201, 429, 429, 429]);
    expect(answers.find(({ status }) => status === 429)?.body).toMatchObject({
      code: 'too_many_uploads',
      quota: { name: 'open_uploads', limit: 3, used: 3 },
    });
  });

  it('are each tenant’s own', async () => {
    await send(1000).expect(201);
    const more = await send(1);

    key = await aKey();

    const others = await send(1000);
    expect([more.status, others.status]).toEqual([429, 201]);
  });

  const sentToday = async (): Promise<number> => {
    const [row]: { bytes: string }[] = await db().query(
      'select bytes from upload_traffic where tenant_id = $1',
      [tenantId],
    );
    return Number(row?.bytes);
  };
});
