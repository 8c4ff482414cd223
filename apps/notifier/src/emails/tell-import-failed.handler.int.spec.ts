import { randomUUID } from 'node:crypto';
import { ImportFailed } from '@offload/contracts';
import { describeHandler, handlerHarness } from '@offload/testing';
import { database } from '../database/database.js';
import { MailSettings } from './mail-settings.js';
import { TellImportFailedHandler } from './tell-import-failed.handler.js';

const options = {
  service: 'notifier',
  database,
  providers: [
    { provide: MailSettings, useValue: new MailSettings({ from: 'offload@example.test' }) },
  ],
};

describe(TellImportFailedHandler.name, () => {
  const { deliver } = handlerHarness(TellImportFailedHandler, options);

  it('asks for one e-mail to the person who asked to be told', async () => {
    const ended = ImportFailed(anEnd());

    const once = await deliver(ended);
    const told = await deliver(ended);

    expect(once.published).toMatchObject([
      { type: 'notifier.send-email.v1', payload: { to: ['ada@example.test'] } },
    ]);
    expect(told.published).toEqual(once.published);
  });

  it('sends nothing when nobody asked', async () => {
    const { notify: _, ...ended } = anEnd();

    const delivery = await deliver(ImportFailed(ended));

    expect(delivery).toMatchObject({ outcome: 'handled', published: [] });
  });
});

describeHandler(TellImportFailedHandler, {
  ...options,
  example: () => Promise.resolve(ImportFailed(anEnd())),
});

function anEnd() {
  return {
    importId: randomUUID(),
    notify: { email: 'ada@example.test' },
    fileName: 'people.csv',
    code: 'ingest.empty-file',
    message: 'The file is empty.',
    failedAt: '2026-11-22T10:00:09.000Z',
  };
}
