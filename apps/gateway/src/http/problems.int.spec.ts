import { gatewayHarness } from '../../test/gateway-harness.js';

describe('every answer of the gateway', () => {
  const { as, aKey, db } = gatewayHarness();

  it('names its request, and is neither stored nor sniffed', async () => {
    const answer = await as().get('/v1/imports').set('X-Request-Id', 'spec-1').expect(200);

    expect(answer.headers).toMatchObject({
      'request-id': 'spec-1',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    expect(answer.headers).not.toHaveProperty('x-powered-by');
  });

  it('is problem details for a route that does not exist', async () => {
    const answer = await as().get('/v1/nothing?x=1').expect(404);

    expect(answer.type).toBe('application/problem+json');
    expect(answer.body).toEqual({
      type: 'urn:offload:problem:not_found',
      title: 'Not found',
      status: 404,
      detail: 'There is no GET /v1/nothing?x=1',
      instance: '/v1/nothing',
      code: 'not_found',
      request_id: answer.headers['request-id'],
      retryable: false,
      help: 'The routes are listed at /v1/docs.',
    });
  });

  it.each([
    ['malformed JSON', '{"to":', 'application/json', 400, 'malformed_json'],
    [
      'a body that is not UTF-8',
      Buffer.from([0x22, 0xff, 0x22]),
      'application/json',
      400,
      'malformed_json',
    ],
    [
      'another media type',
      'to=x',
      'application/x-www-form-urlencoded',
      415,
      'unsupported_media_type',
    ],
    [
      'a body that is too large',
      `"${'x'.repeat(300_000)}"`,
      'application/json',
      413,
      'body_too_large',
    ],
    ['fields that are missing', '{}', 'application/json', 422, 'validation_failed'],
    ['a field that is not there', aMail({ tow: 1 }), 'application/json', 422, 'unknown_field'],
    ['NUL in a text', aMail({ subject: 'a\0' }), 'application/json', 422, 'validation_failed'],
  ])('is problem details for %s', async (_, body, type, status, code) => {
    const answer = await as()
      .post('/v1/emails')
      .set('Content-Type', type)
      .serialize((bytes: unknown) => bytes as string)
      .send(body as string)
      .expect(status);

    expect(answer.type).toBe('application/problem+json');
    expect(answer.body).toMatchObject({ code, status, retryable: false });
  });

  it('is problem details for a path that cannot be decoded', async () => {
    const answer = await as().get('/v1/imports/%zz').expect(400);

    expect(answer.body).toMatchObject({
      code: 'bad_request',
      request_id: expect.stringMatching(/.+/),
    });
  });

  it('tells wrong queries', async () => {
    const answer = await as().get('/v1/imports?limit=0&lmit=3').expect(422);

    expect(answer.body.errors).toMatchObject([
      { pointer: '?limit', code: 'too_small' },
      { pointer: '?lmit', code: 'unknown_field' },
    ]);
  });

  it('tells nothing inner of what is unexpected', async () => {
    await db().query('alter table import rename to import_elsewhere');
    const answer = await as().get('/v1/imports');
    await db().query('alter table import_elsewhere rename to import');

    expect(answer.status).toBe(500);
    expect(answer.body).toMatchObject({ code: 'internal_error', retryable: true });
    expect(answer.text).not.toMatch(/import_elsewhere|relation|select/i);
  });

  it('is 304 to a client that has it already', async () => {
    const first = await as().get('/v1/imports').expect(200);
    const etag = String(first.headers['etag']);

    expect(etag).toMatch(/^"/);
    await as().get('/v1/imports').set('If-None-Match', etag).expect(304);
    await as().get('/v1/imports?limit=3').set('If-None-Match', '"other"').expect(200);
  });

  it.each([
    [null, 'missing_api_key'],
    ['off_live_nonsense', 'invalid_api_key'],
    ['off_live_0123456789abcdefghijkl_1e6a42', 'invalid_api_key'],
  ])('is 401 to the key %s', async (key, code) => {
    const answer = await as(key).get('/v1/imports').expect(401);

    expect(answer.headers['www-authenticate']).toBe('Bearer realm="offload"');
    expect(answer.body).toMatchObject({ code });
  });

  it('is 401 to another scheme and to an expired key', async () => {
    const expired = await aKey({ expiresAt: new Date(Date.now() - 1000) });

    const basic = await as(null).get('/v1/imports').set('Authorization', 'Basic eDp5').expect(401);
    const late = await as(expired).get('/v1/imports').expect(401);

    expect(basic.body).toMatchObject({ code: 'invalid_api_key' });
    expect(late.body).toMatchObject({ code: 'expired_api_key' });
  });

  it('is 403 where the key has not the scope', async () => {
    const reader = await aKey({ scopes: ['imports:read'] });

    await as(reader).get('/v1/imports').expect(200);
    const answer = await as(reader).post('/v1/imports').send({}).expect(403);

    expect(answer.body).toMatchObject({ code: 'insufficient_scope' });
    await as(reader).get('/v1/dead-letters').expect(403);
  });

  it('needs no key for health, metrics, the document and the page that shows it', async () => {
    for (const path of ['/health/live', '/metrics', '/v1/openapi.json', '/v1/docs']) {
      const { status } = await as(null).get(path);
      expect({ path, status }).toEqual({ path, status: 200 });
    }
  });

  it('says in words that the broker is away, and is ready all the same', async () => {
    const answer = await as(null).get('/health/ready').expect(200);

    expect(answer.body.checks.broker).toEqual({
      is_up: true,
      reason: expect.stringContaining('Accepted work waits in the outbox.'),
    });
  });
});

describe('a gateway whose outbox is full', () => {
  const { as, db } = gatewayHarness({ config: { OUTBOX_LIMIT: '1' } });

  it('refuses POSTs but those of operators, says when to come back, and goes on answering GETs', async () => {
    await db().query(
      `insert into outbox_message (message_id, exchange, routing_key, properties, headers, body)
       select gen_random_uuid(), '', 'spec', '{}', '{}', '' from generate_series(1, 2)`,
    );

    const refused = await as().post('/v1/emails').send(JSON.parse(aMail())).expect(503);
    await as().get('/v1/imports').expect(200);
    await as()
      .post('/v1/dead-letters/discards')
      .send({ filter: { queue: 'spec' }, reason: 'To make room.' })
      .expect(200);
    await db().query(`delete from outbox_message where routing_key = 'spec'`);

    expect(refused.headers['retry-after']).toBe('10');
    expect(refused.body).toMatchObject({
      code: 'temporary_reduced_capacity',
      retryable: true,
      retry_after: 10,
    });
  });
});

function aMail(fields: object = {}): string {
  return JSON.stringify({ to: 'ada@example.org', subject: 'Hello', text: 'Hi.', ...fields });
}
