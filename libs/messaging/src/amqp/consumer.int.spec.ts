import { eventually, roadHarness } from '@offload/testing';
import { BrokerConnection } from './connection.js';
import { Consumer } from './consumer.js';

const queue = 'probe.drained';

describe(Consumer.name, () => {
  const { channel, url } = roadHarness('consumer');
  let connection: BrokerConnection;

  afterEach(() => connection.close());

  it('takes nothing after it was drained, also when that fell into a reconnect', async () => {
    await channel().assertQueue(queue, { durable: false, autoDelete: false });
    connection = new BrokerConnection({ url: url(), name: 'consumer spec' });
    const isSetUp = Promise.withResolvers<void>();
    const goesOn = Promise.withResolvers<void>();
    const taken: string[] = [];
    const consumer = new Consumer(connection, {
      queue,
      prefetch: 1,
      setup: () => {
        isSetUp.resolve();
        return goesOn.promise;
      },
      work: async ({ body }) => {
        taken.push(body.toString());
        return 'settled';
      },
      onError: () => undefined,
    });
    await isSetUp.promise;

    await consumer.drain(1000);
    goesOn.resolve();
    await consumer.ready();
    channel().sendToQueue(queue, Buffer.from('for another'));

    await eventually(async () => {
      expect(await channel().checkQueue(queue)).toMatchObject({
        messageCount: 1,
        consumerCount: 0,
      });
    });
    expect(taken).toEqual([]);
  });
});
