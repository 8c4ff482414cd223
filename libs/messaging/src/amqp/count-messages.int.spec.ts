import { eventually, handlerFor, Note, probeContext, roadHarness, settled } from '@offload/testing';
import { countMessages } from './count-messages.js';

describe(countMessages.name, () => {
  const { start, channel } = roadHarness('counts');

  it('counts what waits and who consumes, and leaves out queues that are not there', async () => {
    const runtime = await start(handlerFor(Note, 'probe.note', () => []));
    await channel().assertQueue('probe.idle', {
      durable: true,
      arguments: { 'x-queue-type': 'quorum' },
    });
    await channel().purgeQueue('probe.idle');
    channel().sendToQueue('probe.idle', Buffer.from('{}'));
    const isThere = async (): Promise<void> => {
      const { messageCount } = await channel().checkQueue('probe.idle');
      if (messageCount === 0) throw new Error('not yet');
    };
    await eventually(isThere);

    const counts = await runtime.countMessages([
      'probe.nowhere',
      'probe.idle',
      'probe.note',
      'probe.nowhere-either',
      'dead-letters',
    ]);

    expect(counts).toEqual([
      { queue: 'probe.idle', ready: 1, consumers: 0 },
      { queue: 'probe.note', ready: 0, consumers: 1 },
      { queue: 'dead-letters', ready: 0, consumers: 0 },
    ]);
  });

  it('disturbs no consumer by asking for a queue that is not there', async () => {
    const runtime = await start(handlerFor(Note, 'probe.note', () => []));
    const states: string[] = [];
    await runtime.countMessages(['probe.nowhere']);
    states.push(runtime.connections.consuming.status);
    const handled = settled(runtime, ({ outcome }) => outcome === 'handled');

    await runtime.send(probeContext, async () => ({
      result: undefined,
      messages: [Note({ text: 'still here' })],
    }));

    expect(await handled).toHaveLength(1);
    expect(states).toEqual(['connected']);
  });

  it('gives up on a broker that does not answer', async () => {
    const hangs = countMessages(() => new Promise(() => undefined), ['probe.note'], 50);

    await expect(hangs).rejects.toThrow('The broker did not answer within 50 ms.');
  });
});
