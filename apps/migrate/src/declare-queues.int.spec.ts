import { join } from 'node:path';
import { defaultTiersMs, UnfitBroker } from '@offload/messaging';
import { management, Note, Noted, workerVhost } from '@offload/testing';
import { declareQueues } from './declare-queues.js';
import { findHandlers } from './find-handlers.js';

describe(declareQueues.name, () => {
  const handlers = [
    { queue: 'probe.note', contract: Note },
    { queue: 'probe.hear', contract: Noted },
  ];

  it('makes the queues of everybody, bound to what they listen to, and may be run again', async () => {
    const url = await workerVhost('declare');

    for (let times = 1; times <= 2; times += 1) {
      await declareQueues(url, { handlers, tiersMs: [1_000], seconds: 0 });
    }

    const vhost = new URL(url).pathname.slice(1);
    const queues = (await management('GET', `queues/${vhost}`)) as { name: string }[];
    expect(queues.map(({ name }) => name)).toEqual([
      'dead-letters',
      'probe.hear',
      'probe.note',
      'retry.1s',
      'unrouted',
    ]);
    const bound = (await management('GET', `queues/${vhost}/probe.hear/bindings`)) as object[];
    expect(bound).toContainEqual(
      expect.objectContaining({ source: 'offload.events', routing_key: Noted.type }),
    );
  });

  it('does not wait for a broker that has answered no', async () => {
    const url = new URL(await workerVhost('declare'));
    url.password = 'wrong';
    const wanted = { handlers, tiersMs: defaultTiersMs, seconds: 3_600 };

    const declared = declareQueues(url.href, wanted);

    await expect(declared).rejects.toThrow(UnfitBroker);
    await expect(declared).rejects.toThrow('refuses user or password');
  });
});

describe(findHandlers.name, () => {
  it('finds nothing where nothing is', () => {
    expect(findHandlers(join(__dirname))).toEqual([]);
  });
});
