import { randomUUID } from 'node:crypto';
import { ImportCompleted } from '@offload/contracts';
import { describeHandler, handlerHarness } from '@offload/testing';
import { database } from '../database/database.js';
import { MailSettings } from './mail-settings.js';
import { TellImportCompletedHandler } from './tell-import-completed.handler.js';

const options = {
  service: 'notifier',
  database,
  providers: [
    { provide: MailSettings, useValue: new MailSettings({ from: 'offload@example.test' }) },
  ],
};

describe(TellImportCompletedHandler.name, () => {
  const { deliver } = handlerHarness(TellImportCompletedHandler, options);

  it('asks for one e-mail to the person who asked to be told', async () => {
    const ended = ImportCompleted(anEnd());

    const once = await deliver(ended);
    const told = await deliver(ended);

    expect(once.published).toMatchObject([
      { type: 'notifier.send-email.v1', payload: { to: ['ada@example.test'] } },
    ]);
    expect(told.published).toEqual(once.published);
  });

  it('tells of another end, as after rows were corrected, with another e-mail', async () => {
    const ended = anEnd();

    const first = await deliver(ImportCompleted(ended));
    const second = await deliver(ImportCompleted({ ...ended, sequence: 14 }));

    const ids = [first, second].flatMap(({ published }) =>
      published.map(({ payload }) => (payload as { emailId: string }).emailId),
    );
    expect(new Set(ids).size).toBe(2);
  });

  it('sends nothing when nobody asked', async () => {
    const { notify: _, ...ended } = anEnd();

    const delivery = await deliver(ImportCompleted(ended));

    expect(delivery).toMatchObject({ outcome: 'handled', published: [] });
  });
});

describeHandler(TellImportCompletedHandler, {
  ...options,
  example: () => Promise.resolve(ImportCompleted(anEnd())),
});

function anEnd() {
  return {
    importId: randomUUID(),
    notify: { email: 'ada@example.test' },
    fileName: 'people.csv',
    sequence: 9,
    dataset: 'people',
    startedAt: '2026-11-22T10:00:00.000Z',
    finishedAt: '2026-11-22T10:00:09.000Z',
    bytesDone: 100,
    bytesTotal: 100,
    rowsLoaded: 3,
    rowsRejected: 0,
    rejections: [],
  };
}
