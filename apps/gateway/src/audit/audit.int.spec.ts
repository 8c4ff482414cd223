import { randomUUID } from 'node:crypto';
import { v7 } from 'uuid';
import { aStoredDeadLetter } from '../../test/dead-letter-builders.js';
import { gatewayHarness } from '../../test/gateway-harness.js';

const reason = 'A spec of the audit.';

describe('the audit', () => {
  const { as, aKey, db } = gatewayHarness();

  it('says who did what to how many, with which filter, why, and in which request', async () => {
    const queue = randomUUID();
    const id = await aStoredDeadLetter(db(), { queue, messageId: 'message-7' });
    const tenantId = v7();
    const key = await aKey({ tenantId, scopes: ['operations:write'] });

    const answer = await as(key)
      .post('/v1/dead-letters/discards')
      .send({ filter: { queue }, reason })
      .expect(200);

    const { operation_id: operationId } = answer.body;
    const { body } = await as().get(`/v1/audit/operations/${operationId}`).expect(200);
    expect(body).toMatchObject({
      id: operationId,
      object: 'audit_operation',
      action: 'dead_letter.discard',
      key_id: expect.any(String),
      key_name: 'spec',
      tenant_id: tenantId,
      request_id: answer.headers['request-id'],
      target: null,
      incident: null,
      reason,
      selection: { filter: { queue } },
      count: 1,
      outcome: 'success',
      details: {},
    });
    const { body: messages } = await as()
      .get(`/v1/audit/operations/${operationId}/messages`)
      .expect(200);
    expect(messages).toMatchObject({
      data: [
        {
          object: 'audited_message',
          operation_id: operationId,
          dead_letter_id: id,
          message_id: 'message-7',
          action: 'dead_letter.discard',
        },
      ],
      has_more: false,
      next_cursor: null,
    });
    expect(messages.data[0]).not.toHaveProperty('cursor');
  });

  it('is found by act, key, dead letter and time, the newest first, in pages', async () => {
    const id = await aStoredDeadLetter(db());
    const before = new Date().toISOString();
    const acts = ['discards', 'restorations', 'discards'];
    for (const act of acts) {
      await as().post(`/v1/dead-letters/${id}/${act}`).send({ reason }).expect(200);
    }
    const filter = `dead_letter=${id}`;

    const { body: page } = await as().get(`/v1/audit/operations?limit=2&${filter}`).expect(200);
    const { body: rest } = await as()
      .get(`/v1/audit/operations?limit=2&${filter}&after=${page.next_cursor}`)
      .expect(200);
    const restored = await listed(`${filter}&action=dead_letter.restore`);
    const mine = await listed(`${filter}&key=${page.data[0].key_id}&from=${before}`);
    const none = [
      await listed(`${filter}&key=${randomUUID()}`),
      await listed(`${filter}&to=${before}`),
      await listed(`${filter}&from=2100-01-01T00:00:00Z`),
    ];

    expect(page).toMatchObject({
      data: [
        { action: 'dead_letter.discard', target: `dead_letter:${id}` },
        { action: 'dead_letter.restore' },
      ],
      has_more: true,
    });
    expect(rest).toMatchObject({ data: [{ action: 'dead_letter.discard' }], has_more: false });
    expect(restored).toHaveLength(1);
    expect(mine).toHaveLength(3);
    expect(none).toEqual([[], [], []]);
  });

  it('shows what an operation has touched in pages', async () => {
    const queue = randomUUID();
    for (let count = 0; count < 3; count += 1) await aStoredDeadLetter(db(), { queue });
    const { body } = await as()
      .post('/v1/dead-letters/discards')
      .send({ filter: { queue }, reason })
      .expect(200);
    const path = `/v1/audit/operations/${body.operation_id}/messages?limit=2`;

    const { body: page } = await as().get(path).expect(200);
    const { body: rest } = await as().get(`${path}&after=${page.next_cursor}`).expect(200);

    expect(page.data).toHaveLength(2);
    expect(rest).toMatchObject({ data: [{}], has_more: false });
  });

  it('is exported in the fields of the Elastic Common Schema, each operation before its messages', async () => {
    const id = await aStoredDeadLetter(db());
    for (const act of ['discards', 'restorations']) {
      await as().post(`/v1/dead-letters/${id}/${act}`).send({ reason }).expect(200);
    }

    const answer = await as().get(`/v1/audit/export?dead_letter=${id}`).expect(200);

    expect(answer.headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
    const lines = answer.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(lines).toMatchObject([
      {
        '@timestamp': expect.stringMatching(/Z$/),
        ecs: { version: expect.any(String) },
        event: { kind: 'event', action: 'dead_letter.discard', outcome: 'success', reason },
        user: { id: expect.any(String), name: expect.any(String) },
        organization: { id: expect.any(String) },
        http: { request: { id: expect.any(String) } },
        labels: { target: `dead_letter:${id}` },
        offload: { operation: { count: 1 } },
      },
      { offload: { dead_letter: { id }, message: { id: expect.any(String) } } },
      { event: { action: 'dead_letter.restore' }, offload: { operation: { count: 1 } } },
      { offload: { dead_letter: { id } } },
    ]);
  });

  it.each(['audit_operation', 'audit_message'])(
    'refuses to have %s changed, deleted or emptied',
    async (table) => {
      const id = await aStoredDeadLetter(db());
      await as().post(`/v1/dead-letters/${id}/discards`).send({ reason }).expect(200);

      for (const statement of [
        `update ${table} set action = 'nothing'`,
        `update ${table} set action = 'nothing' where false`,
        `delete from ${table}`,
        `truncate ${table}`,
      ]) {
        await expect(db().query(statement)).rejects.toThrow(/append-only/);
      }
    },
  );

  it('is for operators only', async () => {
    const user = await aKey({ scopes: ['imports:read', 'operations:write'] });
    const reader = await aKey({ scopes: ['operations:read'] });

    const paths = [
      'operations',
      'export?action=none',
      `operations/${v7()}`,
      `operations/${v7()}/messages`,
    ];
    const refused = await Promise.all(paths.map((path) => as(user).get(`/v1/audit/${path}`)));
    const answered = await Promise.all(paths.map((path) => as(reader).get(`/v1/audit/${path}`)));

    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    expect(answered.map(({ status }) => status)).toEqual([200, 200, 404, 404]);
  });

  const listed = async (filter: string): Promise<unknown[]> => {
    const { body } = await as().get(`/v1/audit/operations?${filter}`).expect(200);
    return (body as { data: unknown[] }).data;
  };
});
