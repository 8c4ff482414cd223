import { describeHandler, handlerHarness } from '@offload/testing';
import { v7 } from 'uuid';
import {
  anImport,
  aStoredImport,
  canceled,
  completed,
  eventsOf,
  failed,
  held,
  progressed,
  refused,
  resumed,
  reverted,
  started,
} from '../../test/builders.js';
import { database } from '../database/database.js';
import { Import } from './import.entity.js';
import { TrackImportActionRefusedHandler } from './track-import-action-refused.handler.js';
import { TrackImportCanceledHandler } from './track-import-canceled.handler.js';
import { TrackImportCompletedHandler } from './track-import-completed.handler.js';
import { TrackImportFailedHandler } from './track-import-failed.handler.js';
import { TrackImportHeldHandler } from './track-import-held.handler.js';
import { TrackImportProgressedHandler } from './track-import-progressed.handler.js';
import { TrackImportResumedHandler } from './track-import-resumed.handler.js';
import { TrackImportRevertedHandler } from './track-import-reverted.handler.js';
import { TrackImportStartedHandler } from './track-import-started.handler.js';

const service = { service: 'gateway', database };

describe('reports about an import', () => {
  const { db, deliver: deliverStarted } = handlerHarness(TrackImportStartedHandler, service);
  const { deliver: deliverProgressed } = handlerHarness(TrackImportProgressedHandler, service);
  const { deliver: deliverCompleted } = handlerHarness(TrackImportCompletedHandler, service);
  const { deliver: deliverHeld } = handlerHarness(TrackImportHeldHandler, service);
  const { deliver: deliverResumed } = handlerHarness(TrackImportResumedHandler, service);
  const { deliver: deliverFailed } = handlerHarness(TrackImportFailedHandler, service);

  it('are kept and told to those who follow it', async () => {
    const { id } = await aStoredImport(db());

    await deliverStarted(started(id));
    await deliverProgressed(progressed(id, 1));
    await deliverCompleted(completed(id, 2));

    expect(await db().manager.findOneBy(Import, { id })).toMatchObject({
      state: 'completed_with_errors',
      rowsLoaded: 98,
      rowsRejected: 2,
      columns: [{ name: 'a', type: 'bigint', nullable: false }],
      finishedAt: new Date('2026-01-01T00:00:11Z'),
    });
    expect(await eventsOf(db(), `import:${id}`)).toMatchObject([
      { type: 'import-started', data: { id, state: 'loading' }, ends_topic: false },
      {
        type: 'import-progressed',
        data: {
          id,
          object: 'import',
          state: 'loading',
          progress: { percent: 10, rows_loaded: 10 },
        },
        ends_topic: false,
      },
      {
        type: 'import-completed',
        data: {
          state: 'completed_with_errors',
          progress: { percent: 100 },
          summary: expect.any(String),
        },
        ends_topic: true,
      },
    ]);
  });

  it('are not told when they come too late', async () => {
    const { id } = await aStoredImport(db());
    await deliverProgressed(progressed(id, 2));

    const late = await deliverProgressed(progressed(id, 1));

    expect(late.outcome).toBe('handled');
    expect(await eventsOf(db(), `import:${id}`)).toHaveLength(1);
  });

  it('are taken in any order when they come side by side', async () => {
    const { id } = await aStoredImport(db());

    await Promise.all(
      [5, 1, 4, 2, 3].map((sequence) => deliverProgressed(progressed(id, sequence))),
    );

    expect(await db().manager.findOneBy(Import, { id })).toMatchObject({
      sequence: 5,
      bytesDone: 500,
    });
    const told = (await eventsOf(db(), `import:${id}`)).map(
      ({ data }) => (data['progress'] as { bytes_done: number }).bytes_done,
    );
    expect(told).toEqual(told.toSorted((a, b) => a - b));
  });

  it('do not end what is told of it while it waits for a person, nor when it goes on', async () => {
    const { id } = await aStoredImport(db(), { state: 'loading' });

    await deliverHeld(held(id, 1));
    await deliverResumed(resumed(id, 2, 'confirm'));
    await deliverHeld(held(id, 1));

    expect(await eventsOf(db(), `import:${id}`)).toMatchObject([
      {
        type: 'import-held',
        data: { state: 'awaiting_review', rejections: [{ rows: 2 }] },
        ends_topic: false,
      },
      { type: 'import-resumed', data: { state: 'finalizing' }, ends_topic: false },
    ]);
  });

  it('tell the whole import when its state changes, else only how far it is', async () => {
    const { id } = await aStoredImport(db());

    await deliverProgressed(progressed(id, 1));
    await deliverProgressed(progressed(id, 2));

    const [first, second] = await eventsOf(db(), `import:${id}`);
    expect(first?.data).toMatchObject({ state: 'loading', allowed_actions: ['cancel'] });
    expect(Object.keys(second?.data ?? {})).toEqual(
      expect.not.arrayContaining(['allowed_actions', 'dataset']),
    );
  });

  it('end it with a reason when the file cannot be imported', async () => {
    const { id } = await aStoredImport(db());

    await deliverFailed(failed(id));
    await deliverProgressed(progressed(id, 1));

    expect(await db().manager.findOneBy(Import, { id })).toMatchObject({
      state: 'failed',
      problemCode: 'ingest.no-header',
    });
    expect(await eventsOf(db(), `import:${id}`)).toMatchObject([
      {
        type: 'import-failed',
        data: { problem: { detail: 'The file has no header.' } },
        ends_topic: true,
      },
    ]);
  });

  it('give up at once on an import that does not exist', async () => {
    const delivery = await deliverProgressed(progressed(v7(), 1));

    expect(delivery).toMatchObject({
      outcome: 'dead-letter',
      error: { code: 'gateway.import-not-found' },
    });
  });
});

describeHandler(TrackImportStartedHandler, {
  ...service,
  example: async (db) => started((await aStoredImport(db)).id),
});
describeHandler(TrackImportProgressedHandler, {
  ...service,
  example: async (db) => progressed((await aStoredImport(db)).id, 1),
});
describeHandler(TrackImportCompletedHandler, {
  ...service,
  example: async (db) => completed((await aStoredImport(db)).id),
});
describeHandler(TrackImportFailedHandler, {
  ...service,
  example: async (db) => failed((await aStoredImport(db)).id),
});
describeHandler(TrackImportHeldHandler, {
  ...service,
  example: async (db) => held((await aStoredImport(db)).id, 1),
});
describeHandler(TrackImportResumedHandler, {
  ...service,
  example: async (db) => resumed((await aStoredImport(db, { state: 'failed' })).id, 1, 'retry'),
});
describeHandler(TrackImportCanceledHandler, {
  ...service,
  example: async (db) => canceled((await aStoredImport(db)).id, 1),
});
describeHandler(TrackImportRevertedHandler, {
  ...service,
  example: async (db) => reverted((await aStoredImport(db, { state: 'reverting' })).id, 1),
});
describeHandler(TrackImportActionRefusedHandler, {
  ...service,
  example: async (db) => {
    const run = anImport({ state: 'loading' });
    run.ask('cancel', { by: null, now: new Date() });
    return refused((await aStoredImport(db, run)).id, 'cancel');
  },
});
