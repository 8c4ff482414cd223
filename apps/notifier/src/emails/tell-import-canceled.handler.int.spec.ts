import { randomUUID } from 'node:crypto';
import { ImportCanceled } from '@offload/contracts';
import { describeHandler, handlerHarness } from '@offload/testing';
import { database } from '../database/database.js';
import { MailSettings } from './mail-settings.js';
import { TellImportCanceledHandler } from './tell-import-canceled.handler.js';

const options = {
  service: 'notifier',
  database,
  providers: [
    { provide: MailSettings, useValue: new MailSettings({ from: 'offload@example.test' }) },
  ],
};

describe(TellImportCanceledHandler.name, () => {
  const { deliver } = handlerHarness(TellImportCanceledHandler, options);

  it('asks for one e-mail to the person who asked to be told', async () => {
    const ended = ImportCanceled(anEnd());

    const once = await deliver(ended);
    const told = await deliver(ended);

    expect(once.published).toMatchObject([
      { type: 'notifier.send-email.v1', payload: { to: ['ada@example.test'] } },
    ]);
    expect(told.published).toEqual(once.published);
  });

  it('sends nothing when nobody asked', async () => {
    const { notify: _, ...ended } = anEnd();

    const delivery = await deliver(ImportCanceled(ended));

    expect(delivery).toMatchObject({ outcome: 'handled', published: [] });
  });
});

describeHandler(TellImportCanceledHandler, {
  ...options,
  example: () => Promise.resolve(ImportCanceled(anEnd())),
});

function anEnd() {
  return {
    importId: randomUUID(),
    notify: { email: 'ada@example.test' },
    fileName: 'people.csv',
    sequence: 9,
    bytesDone: 100,
    bytesTotal: 100,
    rowsLoaded: 3,
    rowsRejected: 0,
    keptRows: true,
    canceledAt: '2026-11-22T10:00:09.000Z',
  };
}
