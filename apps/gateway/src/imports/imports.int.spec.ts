import { randomUUID } from 'node:crypto';
import { gatewayHarness } from '../../test/gateway-harness.js';
import { defaultTenantId } from '../access/bootstrap-access.js';

describe('imports', () => {
  const { as, aKey, anUpload, db } = gatewayHarness();

  it('accepts an import with its first message in the outbox', async () => {
    const uploadId = await anUpload();

    const answer = await post({
      upload_id: uploadId,
      dataset: { name: 'people', columns: [{ name: 'a', type: 'bigint', nullable: false }] },
      name: 'March',
      notify: { email: 'ada@example.org' },
    }).expect(202);

    const { id } = answer.body as { id: string };
    expect(answer.headers).toMatchObject({
      location: `/v1/imports/${id}`,
      'retry-after': '1',
      link: `</v1/events?topics=import:${id}>; rel="monitor"`,
    });
    expect(answer.body).toMatchObject({ state: 'queued', name: 'March', upload_id: uploadId });
    expect(await commandsFor(id)).toEqual([
      {
        routing_key: 'ingest.start-import.v1',
        correlation_id: answer.headers['request-id'],
        payload: {
          importId: id,
          file: {
            key: expect.stringContaining(uploadId),
            name: 'unnamed',
            size: 8,
            sha256: expect.any(String),
          },
          dataset: { name: 'people', columns: [{ name: 'a', type: 'bigint', nullable: false }] },
          options: {
            source: {},
            values: {},
            mode: 'append',
            onConflict: 'update',
            onError: 'quarantine',
            dryRun: false,
            holdForReview: false,
          },
          notify: { email: 'ada@example.org' },
        },
      },
    ]);
    await as().get(`/v1/imports/${id}`).expect(200, answer.body).expect('Retry-After', '1');
  });

  it('hands on everything that was asked for, and shows it', async () => {
    const wishes = {
      source: { format: 'csv', delimiter: ';', encoding: 'windows-1252' },
      values: { decimal: ',', dates: 'dmy' },
      mapping: { columns: [{ to: 'id', from: 'Kd-Nr' }], others: 'ignore' },
      mode: 'upsert',
      key: ['id'],
      on_conflict: 'skip',
      on_error: 'quarantine',
      reject_limit: { rows: 10, percent: 2.5 },
      hold_for_review: true,
    };
    const dataset = { name: 'people', keys: [['id']] };

    const { body } = await post({ upload_id: await anUpload(), dataset, ...wishes }).expect(202);

    expect(body).toMatchObject({
      ...wishes,
      dataset: { name: 'people', columns: null, keys: [['id']] },
      dry_run: false,
      attempt: 1,
      allowed_actions: ['cancel'],
      created_by: { name: 'bootstrap' },
    });
    expect(await commandsFor((body as { id: string }).id)).toMatchObject([
      {
        payload: {
          dataset,
          options: {
            source: wishes.source,
            values: wishes.values,
            mapping: wishes.mapping,
            mode: 'upsert',
            key: ['id'],
            onConflict: 'skip',
            rejectLimit: wishes.reject_limit,
            holdForReview: true,
          },
        },
      },
    ]);
  });

  it('refuses what contradicts itself, with every contradiction at its place', async () => {
    const { body } = await post({
      upload_id: await anUpload(),
      dataset: { name: 'people' },
      key: ['id'],
      dry_run: true,
      hold_for_review: true,
      mapping: {
        columns: [
          { to: 'id', from: 'a' },
          { to: 'id', constant: '1' },
        ],
      },
    }).expect(422);

    expect(body).toMatchObject({
      code: 'validation_failed',
      errors: [
        { pointer: '/key', code: 'contradiction' },
        { pointer: '/hold_for_review', code: 'contradiction' },
        { pointer: '/mapping/columns/1/to', code: 'repeated' },
      ],
    });
  });

  it('accepts nothing for an upload that is not there or is another tenant’s', async () => {
    const stranger = await aKey();
    const theirs = await anUpload(stranger);

    for (const uploadId of [randomUUID(), theirs]) {
      const { body } = await post({ upload_id: uploadId, dataset: { name: 'people' } }).expect(404);
      expect(body).toMatchObject({ code: 'not_found' });
    }
  });

  it('shows a tenant its own imports and nobody else’s', async () => {
    const [one, other] = [await aKey(), await aKey()];
    const theirs = await anImportAs(one);

    await as(one).get(`/v1/imports/${theirs}`).expect(200);
    await as(other).get(`/v1/imports/${theirs}`).expect(404);
    const list = await as(other).get('/v1/imports').expect(200);

    expect(list.body).toEqual({ object: 'list', data: [], has_more: false, next_cursor: null });
  });

  it('lists the newest first, page by page, and by state', async () => {
    const key = await aKey();
    const ids: string[] = [];
    for (let count = 0; count < 5; count += 1) ids.unshift(await anImportAs(key));
    await db().query(`update import set state = 'completed' where id = $1`, [ids[2]]);

    const pages: string[][] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const after: string = cursor === '' ? '' : `&after=${cursor}`;
      const { body } = await as(key).get(`/v1/imports?limit=2${after}`).expect(200);
      pages.push((body as Page).data.map(({ id }) => id));
      cursor = (body as Page).next_cursor;
      expect((body as Page).has_more).toBe(cursor !== null);
    }
    const completed = await as(key).get('/v1/imports?state=completed').expect(200);

    expect(pages).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
    expect((completed.body as Page).data).toMatchObject([{ id: ids[2], state: 'completed' }]);
  });

  it('keeps the history of a dataset: who has imported what, with which numbers', async () => {
    const key = await aKey();
    const people = await anImportAs(key);
    const others = await anImportAs(key, 'others');
    const again = await anImportAs(key);

    const { body } = await as(key).get('/v1/imports?dataset=people').expect(200);
    const { body: dataset } = await as(key).get(`/v1/imports/${others}`).expect(200);

    expect((body as Page).data).toMatchObject([
      { id: again, created_by: { name: 'spec' }, state: 'queued', progress: { rows_created: 0 } },
      { id: people },
    ]);
    expect(dataset.links.history).toBe('/v1/imports?dataset=others');
    await as(key).get('/v1/imports?dataset=No%20name').expect(422);
  });

  it('keeps its ETag while nothing of it changes', async () => {
    const id = await anImportAs(await aKey({ tenantId: defaultTenantId }));
    const { headers } = await as().get(`/v1/imports/${id}`).expect(200);

    const again = await as().get(`/v1/imports/${id}`).set('If-None-Match', `${headers['etag']}`);

    expect(again.status).toBe(304);
  });

  describe('with an Idempotency-Key', () => {
    it('accepts the same request once, whatever the order of its fields', async () => {
      const key = randomUUID();
      const uploadId = await anUpload();
      const first = await post({ upload_id: uploadId, dataset: { name: 'people' } }, key).expect(
        202,
      );

      const again = await post({ dataset: { name: 'people' }, upload_id: uploadId }, key).expect(
        202,
      );

      expect(again.text).toBe(first.text);
      expect(again.headers).toMatchObject({
        location: first.headers['location'],
        'retry-after': '1',
        link: first.headers['link'],
        'idempotency-replayed': 'true',
      });
      expect(await commandsFor(first.body.id)).toHaveLength(1);
    });

    it('accepts it once also when it comes many times at once', async () => {
      const key = randomUUID();
      const request = { upload_id: await anUpload(), dataset: { name: 'people' } };

      const answers = await Promise.all(Array.from({ length: 12 }, () => post(request, key)));

      const accepted = answers.filter(({ status }) => status === 202);
      const refused = answers.filter(({ status }) => status === 409);
      expect(accepted.length + refused.length).toBe(12);
      expect(accepted.length).toBeGreaterThan(0);
      for (const { body, headers } of refused) {
        expect(body).toMatchObject({ code: 'idempotency_in_flight', retryable: true });
        expect(headers['retry-after']).toBe('1');
      }
      expect(new Set(accepted.map(({ body }) => body.id)).size).toBe(1);
      expect(accepted.filter(({ headers }) => !headers['idempotency-replayed'])).toHaveLength(1);
      expect(await commandsFor(accepted[0]?.body.id)).toHaveLength(1);
    });

    it('is 409 while another process works on it', async () => {
      const key = randomUUID();
      const request = { upload_id: await anUpload(), dataset: { name: 'people' } };
      const [tenant]: { tenant_id: string }[] = await db().query(
        'select tenant_id from upload where id = $1',
        [request.upload_id],
      );

      const meanwhile = await db().transaction(async (tx) => {
        await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
          JSON.stringify(['idempotency', tenant?.tenant_id, 'POST /v1/imports', key]),
        ]);
        return post(request, key);
      });
      const later = await post(request, key);

      expect(meanwhile.status).toBe(409);
      expect(later.status).toBe(202);
    });

    it('refuses another body under the same key', async () => {
      const key = randomUUID();
      const uploadId = await anUpload();
      await post({ upload_id: uploadId, dataset: { name: 'people' } }, key).expect(202);

      const answer = await post({ upload_id: uploadId, dataset: { name: 'others' } }, key).expect(
        422,
      );

      expect(answer.body).toMatchObject({ code: 'idempotency_key_reused' });
    });

    it('does not remember what was refused', async () => {
      const key = randomUUID();

      await post({ upload_id: randomUUID(), dataset: { name: 'people' } }, key).expect(404);
      await post({}, key).expect(422);
      const answer = await post({ upload_id: await anUpload(), dataset: { name: 'people' } }, key);

      expect(answer.status).toBe(202);
    });

    it('keeps the keys of tenants and routes apart', async () => {
      const key = randomUUID();
      const stranger = await aKey();
      const mail = { to: 'ada@example.org', subject: 'Hello', text: 'Hi.' };
      const first = await as()
        .post('/v1/emails')
        .set('Idempotency-Key', key)
        .send(mail)
        .expect(202);

      const theirs = await as(stranger)
        .post('/v1/emails')
        .set('Idempotency-Key', key)
        .send(mail)
        .expect(202);
      await post({ upload_id: await anUpload(), dataset: { name: 'people' } }, key).expect(202);

      expect(theirs.body.id).not.toBe(first.body.id);
      expect(theirs.headers).not.toHaveProperty('idempotency-replayed');
    });

    it('forgets a key after 48 hours', async () => {
      const key = randomUUID();
      const request = { upload_id: await anUpload(), dataset: { name: 'people' } };
      const first = await post(request, key).expect(202);
      await db().query(
        `update idempotency_key set created_at = now() - interval '49 hours' where key = $1`,
        [key],
      );

      const later = await post(request, key).expect(202);

      expect(later.body.id).not.toBe(first.body.id);
      expect(await post(request, key).then(({ body }) => body.id)).toBe(later.body.id);
    });
  });

  const post = (body: object, key?: string) => {
    const request = as().post('/v1/imports');
    return (key === undefined ? request : request.set('Idempotency-Key', key)).send(body);
  };

  const anImportAs = async (key: string, dataset = 'people'): Promise<string> => {
    const uploadId = await anUpload(key);
    const { body } = await as(key)
      .post('/v1/imports')
      .send({ upload_id: uploadId, dataset: { name: dataset } })
      .expect(202);
    return (body as { id: string }).id;
  };

  const commandsFor = async (importId: string): Promise<object[]> =>
    db().query(
      `select routing_key, properties ->> 'correlationId' as correlation_id,
              convert_from(body, 'utf8')::json as payload
         from outbox_message where headers ->> 'ce-subject' = $1`,
      [`import:${importId}`],
    );
});

describe('a tenant that may have two imports running', () => {
  const { as, aKey, anUpload, db } = gatewayHarness({ config: { MAX_RUNNING_IMPORTS: '2' } });

  it('is refused a third until one has ended or waits for a person, and never given more at once', async () => {
    const key = await aKey();
    const uploadId = await anUpload(key);
    const post = () =>
      as(key)
        .post('/v1/imports')
        .send({ upload_id: uploadId, dataset: { name: 'people' } });

    const answers = await Promise.all(Array.from({ length: 6 }, post));
    const refused = answers.find(({ status }) => status === 429);
    const [accepted] = answers.filter(({ status }) => status === 202);
    await db().query(`update import set state = 'awaiting_review' where id = $1`, [
      accepted?.body.id,
    ]);

    expect(answers.filter(({ status }) => status === 202)).toHaveLength(2);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(4);
    expect(refused?.body).toMatchObject({ code: 'too_many_imports', retryable: true });
    expect(refused?.headers['retry-after']).toBe('15');
    await post().expect(202);
    await as(await aKey())
      .get('/v1/imports')
      .expect(200);
    await post().expect(429);
  });

  it('is refused a retry that would be one too many', async () => {
    const key = await aKey();
    const post = async () => {
      const body = { upload_id: await anUpload(key), dataset: { name: 'people' } };
      return as(key).post('/v1/imports').send(body).expect(202);
    };
    const { body } = await post();
    await db().query(
      `update import set state = 'failed', standing = 'failed', finished_at = now() where id = $1`,
      [body.id],
    );
    await Promise.all([post(), post()]);

    await as(key).post(`/v1/imports/${body.id}/retry`).expect(429);
    const { body: shown } = await as(key).get(`/v1/imports/${body.id}`).expect(200);

    expect(shown).toMatchObject({ state: 'failed', attempt: 1, last_action: null });
  });
});

interface Page {
  data: { id: string }[];
  has_more: boolean;
  next_cursor: string | null;
}
