import { eventually, handlerHarness } from '@offload/testing';
import { aStoredImport, completed, held } from '../../test/builders.js';
import { gatewayHarness } from '../../test/gateway-harness.js';
import { database } from '../database/database.js';
import { EventHub } from '../events/event-hub.js';
import { TrackImportCompletedHandler } from './track-import-completed.handler.js';
import { TrackImportHeldHandler } from './track-import-held.handler.js';

const service = { service: 'gateway', database };

describe('an answer that is held back', () => {
  const { app, as, anUpload, db } = gatewayHarness();
  const { deliver: deliverCompleted } = handlerHarness(TrackImportCompletedHandler, service);
  const { deliver: deliverHeld } = handlerHarness(TrackImportHeldHandler, service);

  const isHeldBack = (): Promise<void> =>
    eventually(() => expect(app().get(EventHub).size).toBe(1));

  it('comes when the import has ended', async () => {
    const { id } = await aStoredImport(db(), { state: 'loading' });

    const answering = as()
      .get(`/v1/imports/${id}`)
      .set('Prefer', 'wait=5')
      .then((one) => one);
    await isHeldBack();
    await deliverCompleted(completed(id));
    const { status, headers, body } = await answering;

    expect(status).toBe(200);
    expect(headers).toMatchObject({ 'preference-applied': 'wait=5' });
    expect(headers).not.toHaveProperty('retry-after');
    expect(body).toMatchObject({ state: 'completed', progress: { percent: 100 } });
  });

  it('comes when an import that was just asked for waits for a person, as 200', async () => {
    const request = {
      upload_id: await anUpload(),
      dataset: { name: 'people' },
      hold_for_review: true,
    };

    const answering = as()
      .post('/v1/imports')
      .set('Prefer', 'wait=5')
      .send(request)
      .then((one) => one);
    await isHeldBack();
    const [row]: { id: string }[] = await db().query('select id from import where upload_id = $1', [
      request.upload_id,
    ]);
    await deliverHeld(held(row?.id ?? '', 1));
    const { status, headers, body } = await answering;

    expect({ status, location: headers['location'] }).toEqual({
      status: 200,
      location: `/v1/imports/${row?.id}`,
    });
    expect(body).toMatchObject({
      state: 'awaiting_review',
      allowed_actions: ['confirm', 'cancel'],
    });
  });

  it('comes when the time is over, with the import as it stands', async () => {
    const request = { upload_id: await anUpload(), dataset: { name: 'people' } };

    const { headers, body } = await as()
      .post('/v1/imports')
      .set('Prefer', 'wait=1')
      .send(request)
      .expect(202);

    expect(headers).toMatchObject({ 'preference-applied': 'wait=1', 'retry-after': '1' });
    expect(body).toMatchObject({ state: 'queued' });
    expect(app().get(EventHub).size).toBe(0);
  });

  it('comes at once when there is nothing to wait for', async () => {
    const { id } = await aStoredImport(db(), { state: 'failed', finishedAt: new Date() });

    const { headers } = await as().get(`/v1/imports/${id}`).set('Prefer', 'wait=5').expect(200);
    const { headers: others } = await as().get(`/v1/imports/${id}`).expect(200);

    expect(headers).toMatchObject({ 'preference-applied': 'wait=5' });
    expect(others).not.toHaveProperty('preference-applied');
  });
});
