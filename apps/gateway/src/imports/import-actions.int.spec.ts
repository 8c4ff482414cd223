import { randomUUID } from 'node:crypto';
import type { ImportAction } from '@offload/contracts/http';
import { eventually, handlerHarness } from '@offload/testing';
import {
  aStoredImport,
  canceled,
  eventsOf,
  refused,
  resumed,
  reverted,
} from '../../test/builders.js';
import { gatewayHarness } from '../../test/gateway-harness.js';
import { database } from '../database/database.js';
import type { Import } from './import.entity.js';
import { TrackImportActionRefusedHandler } from './track-import-action-refused.handler.js';
import { TrackImportCanceledHandler } from './track-import-canceled.handler.js';
import { TrackImportResumedHandler } from './track-import-resumed.handler.js';
import { TrackImportRevertedHandler } from './track-import-reverted.handler.js';

const service = { service: 'gateway', database };

describe('what is asked of an import', () => {
  const { as, aKey, anUpload, db } = gatewayHarness();
  const { deliver: deliverRefused } = handlerHarness(TrackImportActionRefusedHandler, service);
  const { deliver: deliverResumed } = handlerHarness(TrackImportResumedHandler, service);
  const { deliver: deliverCanceled } = handlerHarness(TrackImportCanceledHandler, service);
  const { deliver: deliverReverted } = handlerHarness(TrackImportRevertedHandler, service);

  const ended = { finishedAt: new Date('2026-01-01T00:00:11Z'), sequence: 5 };
  const withErrors = {
    state: 'completed_with_errors' as const,
    ...ended,
    rowsRejected: 2,
    rowsCreated: 98,
  };

  const cases: [ImportAction, Partial<Import>, object, string, object][] = [
    ['confirm', { state: 'awaiting_review' }, {}, 'finalizing', {}],
    ['cancel', { state: 'loading' }, {}, 'canceling', { keepRows: false }],
    ['cancel', { state: 'loading' }, { keep_rows: true }, 'canceling', { keepRows: true }],
    ['retry', { state: 'failed', ...ended }, {}, 'queued', {}],
    ['revert', withErrors, {}, 'reverting', { dryRun: false }],
  ];

  it.each(cases)(
    '%s: the command, the state and the news commit together',
    async (action, fields, body, state, payload) => {
      const { id } = await aStoredImport(db(), fields);

      const answer = await as().post(`/v1/imports/${id}/${action}`).send(body).expect(202);

      expect(answer.headers).toMatchObject({
        location: `/v1/imports/${id}`,
        'retry-after': '1',
        link: `</v1/events?topics=import:${id}>; rel="monitor"`,
      });
      expect(answer.body).toMatchObject({
        state,
        finished_at: null,
        last_action: { action, outcome: 'pending', asked_by: 'bootstrap' },
      });
      expect(await commandsFor(id)).toEqual([
        { type: `ingest.${action}-import.v1`, payload: { importId: id, ...payload } },
      ]);
      expect(await eventsOf(db(), `import:${id}`)).toMatchObject([
        { type: 'action-requested', data: { id, state }, ends_topic: false },
      ]);
    },
  );

  it('is refused in a state that does not allow it, with what is allowed', async () => {
    const { id } = await aStoredImport(db(), withErrors);

    const { body } = await as().post(`/v1/imports/${id}/confirm`).expect(409);

    expect(body).toMatchObject({
      code: 'invalid_state',
      detail: 'This import is completed_with_errors; it cannot be confirmed.',
      help: 'What can be asked of it: fix, revert.',
      retryable: false,
    });
    expect(await commandsFor(id)).toEqual([]);
  });

  it('is done once under an Idempotency-Key, and refused the second time without one', async () => {
    const { id } = await aStoredImport(db(), { state: 'loading' });
    const post = (key?: string) => {
      const request = as().post(`/v1/imports/${id}/cancel`);
      return key === undefined ? request : request.set('Idempotency-Key', key);
    };
    const key = randomUUID();

    const first = await post(key).expect(202);
    const again = await post(key).expect(202);
    await post().expect(409);

    expect(again.text).toBe(first.text);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(await commandsFor(id)).toHaveLength(1);
  });

  it('is taken of one’s own imports only, and without unknown fields', async () => {
    const { id } = await aStoredImport(db(), { state: 'loading' });
    const stranger = await aKey();
    const reader = await aKey({ scopes: ['imports:read'] });

    for (const action of ['confirm', 'cancel', 'retry', 'revert']) {
      await as(stranger).post(`/v1/imports/${id}/${action}`).expect(404);
      await as(reader).post(`/v1/imports/${id}/${action}`).expect(403);
    }
    const { body } = await as().post(`/v1/imports/${id}/cancel`).send({ keep: true }).expect(422);

    expect(body).toMatchObject({ code: 'unknown_field', errors: [{ pointer: '/keep' }] });
    expect(await commandsFor(id)).toEqual([]);
  });

  it('is told when ingest refuses, and the import is what it was', async () => {
    const { id } = await aStoredImport(db(), withErrors);
    await as().post(`/v1/imports/${id}/revert`).expect(202);

    await deliverRefused(refused(id, 'revert'));

    const { body } = await as().get(`/v1/imports/${id}`).expect(200);
    expect(body).toMatchObject({
      state: 'completed_with_errors',
      finished_at: '2026-01-01T00:00:11.000Z',
      last_action: { outcome: 'refused', code: 'too_late', detail: 'It has come too far.' },
      allowed_actions: ['fix', 'revert'],
    });
    expect((await eventsOf(db(), `import:${id}`)).at(-1)).toMatchObject({
      type: 'action-refused',
      ends_topic: true,
    });
  });

  it('is told when it is done: canceled with what stays, reverted with what was undone', async () => {
    const running = await aStoredImport(db(), { state: 'loading' });
    const done = await aStoredImport(db(), withErrors);
    await as().post(`/v1/imports/${running.id}/cancel`).send({ keep_rows: true }).expect(202);
    await as().post(`/v1/imports/${done.id}/revert`).expect(202);

    await deliverCanceled(canceled(running.id, 6));
    await deliverResumed(resumed(done.id, 6, 'revert'));
    await deliverReverted(reverted(done.id, 7));

    const { body: stopped } = await as().get(`/v1/imports/${running.id}`).expect(200);
    const { body: undone } = await as().get(`/v1/imports/${done.id}`).expect(200);
    expect(stopped).toMatchObject({
      state: 'canceled',
      summary: expect.stringContaining('30 rows that were stored before stay'),
      allowed_actions: ['retry', 'revert'],
    });
    expect(undone).toMatchObject({
      state: 'reverted',
      reverted: { rows_removed: 90, rows_restored: 8, rows_kept: 2 },
      allowed_actions: [],
    });
    expect(
      (await eventsOf(db(), `import:${done.id}`)).map((told) => [told.type, told.ends_topic]),
    ).toEqual([
      ['action-requested', false],
      ['import-resumed', false],
      ['import-reverted', true],
    ]);
  });

  it('may be tried first: a dry run of a revert changes nothing, and is waited for', async () => {
    const { id } = await aStoredImport(db(), withErrors);

    const answering = as()
      .post(`/v1/imports/${id}/revert?dry_run=1`)
      .set('Prefer', 'wait=5')
      .then((answer) => answer);
    await eventually(async () => expect(await commandsFor(id)).toHaveLength(1));
    await deliverReverted(reverted(id, 6, { dryRun: true }));
    const { status, headers, body } = await answering;

    expect({ status, applied: headers['preference-applied'] }).toEqual({
      status: 200,
      applied: 'wait=5',
    });
    expect(body).toMatchObject({
      state: 'completed_with_errors',
      revert_preview: { state: 'ready', counts: { rows_removed: 90, rows_kept: 2 } },
      reverted: null,
    });
    expect(await commandsFor(id)).toMatchObject([{ payload: { dryRun: true } }]);
    expect((await eventsOf(db(), `import:${id}`)).map(({ ends_topic: ends }) => ends)).toEqual([
      false,
      true,
    ]);
  });

  describe('with corrected rows', () => {
    const corrected = '_row,a\r\n7,1\r\n';
    const fix = (id: string, type = 'text/csv') =>
      as().post(`/v1/imports/${id}/fix`).set('Content-Type', type).send(corrected);

    it('takes the list itself, as an upload, once', async () => {
      const { id } = await aStoredImport(db(), withErrors);
      const key = randomUUID();
      const post = (csv: string) =>
        as()
          .post(`/v1/imports/${id}/fix`)
          .set('Content-Type', 'text/csv; charset=utf-8')
          .set('Idempotency-Key', key)
          .send(csv);

      const first = await post(corrected).expect(202);
      const again = await post(corrected).expect(202);
      await post('_row,a\r\n7,2\r\n').expect(422);

      expect(first.body).toMatchObject({ state: 'queued', last_action: { action: 'fix' } });
      expect(again.text).toBe(first.text);
      expect(await commandsFor(id)).toEqual([
        {
          type: 'ingest.fix-rows.v1',
          payload: {
            importId: id,
            fixId: expect.any(String),
            file: {
              key: expect.any(String),
              name: 'corrections.csv',
              size: corrected.length,
              sha256: expect.any(String),
            },
          },
        },
      ]);
    });

    it('takes the id of an upload, of one’s own', async () => {
      const { id } = await aStoredImport(db(), withErrors);
      const theirs = await anUpload(await aKey());
      const post = (body: object) => as().post(`/v1/imports/${id}/fix`).send(body);

      await post({ upload_id: theirs }).expect(404);
      await post({}).expect(422);
      await post({ upload_id: await anUpload() }).expect(202);

      expect(await commandsFor(id)).toHaveLength(1);
    });

    it('holds the list until it was read: it cannot be deleted meanwhile', async () => {
      const { id } = await aStoredImport(db(), withErrors);
      const uploadId = await anUpload();
      await as().post(`/v1/imports/${id}/fix`).send({ upload_id: uploadId }).expect(202);

      const { body } = await as().delete(`/v1/uploads/${uploadId}`).expect(409);
      await deliverRefused(refused(id, 'fix'));

      expect(body.detail).toContain(id);
      await as().delete(`/v1/uploads/${uploadId}`).expect(204);
    });

    it('stores nothing that nobody could use', async () => {
      const { id } = await aStoredImport(db(), { state: 'loading' });
      const before = await uploads();

      await fix(id).expect(409);
      await fix(randomUUID()).expect(404);
      await fix(id, 'text/plain').expect(415);

      expect(await uploads()).toBe(before);
    });
  });

  const commandsFor = async (importId: string): Promise<object[]> =>
    db().query(
      `select routing_key as type, convert_from(body, 'utf8')::json as payload
         from outbox_message where headers ->> 'ce-subject' = $1`,
      [`import:${importId}`],
    );

  const uploads = async (): Promise<number> => {
    const [row]: { count: number }[] = await db().query(
      'select count(*)::int as count from upload',
    );
    return row?.count ?? 0;
  };
});
