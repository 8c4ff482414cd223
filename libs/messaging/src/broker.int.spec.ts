import { randomUUID } from 'node:crypto';
import {
  eventually,
  handlerFor,
  management,
  Note,
  probeContext,
  roadHarness,
  settled,
  Whispered,
} from '@offload/testing';
import { checkBroker } from './amqp/check-broker.js';
import { topology } from './topology/topology.js';

const queue = 'probe.note';

describe('the road when the broker misbehaves', () => {
  const { channel, countsOf, start, url } = roadHarness('broker');
  const accept = handlerFor(Note, queue, () => []);
  const note = async (runtime: Awaited<ReturnType<typeof start>>, text: string): Promise<void> =>
    runtime.send(probeContext, async () => ({ result: undefined, messages: [Note({ text })] }));

  it('comes back by itself after every connection was cut, and loses nothing', async () => {
    const runtime = await start(accept);
    const done = settled(runtime, ({ outcome }) => outcome === 'handled', 20);
    for (let number = 0; number < 10; number += 1) await note(runtime, `before ${number}`);

    await cutConnectionsOf(runtime);
    for (let number = 0; number < 10; number += 1) await note(runtime, `after ${number}`);

    expect(new Set((await done).map(({ messageId }) => messageId)).size).toBe(20);
    expect(runtime.connections).toEqual({
      publishing: { status: 'connected' },
      consuming: { status: 'connected' },
    });
  });

  it('declares and consumes again when its queue was deleted under it', async () => {
    const runtime = await start(accept);
    await channel().deleteQueue(queue);
    const done = settled(runtime, ({ outcome }) => outcome === 'handled');

    await eventually(async () => {
      const { consumerCount } = await countsOf(queue);
      expect(consumerCount).toBe(1);
    });
    await note(runtime, 'to the queue that came back');

    await done;
  });

  it('hears hints from its own queue, past what is none, which is gone when it stops', async () => {
    const runtime = await start(accept);
    const heard = new Promise((resolve) => runtime.onHint(Whispered, 'stream', resolve));

    channel().publish('offload.hints', Whispered.type, Buffer.from('not even json'));
    await eventually(async () => {
      runtime.hint(Whispered({ text: 'psst' }));
      expect(await Promise.race([heard, Promise.resolve('nothing yet')])).toEqual({ text: 'psst' });
    });
    await runtime.stop();

    const vhost = new URL(url()).pathname.slice(1);
    const queues = (await management('GET', `queues/${vhost}`)) as { name: string }[];
    expect(
      queues.map(({ name }) => name).filter((name) => name.startsWith('probe.stream')),
    ).toEqual([]);
  });

  it('refuses to start where a queue of another kind has its name, and says what to do', async () => {
    const name = `probe.other-kind-${randomUUID()}`;
    await channel().assertQueue(name, { durable: true });

    const checked = checkBroker(url(), topology([{ queue: name, contract: Note }], []));

    await expect(checked).rejects.toThrow(
      /refused the topology: .*PRECONDITION_FAILED.*Drain it, delete it and start again/s,
    );
    await channel().deleteQueue(name);
  });

  it('refuses to start without a broker, and hides the password', async () => {
    const checked = checkBroker('amqp://app:secret@127.0.0.1:1/', topology([], []));

    await expect(checked).rejects.toThrow(
      'Cannot reach RabbitMQ at amqp://app:***@127.0.0.1:1/ (ECONNREFUSED). Start it, or set RABBITMQ_URL',
    );
  });

  it('tells a wrong password from a virtual host that is not there', async () => {
    const wrongPassword = new URL(url());
    wrongPassword.password = 'wrong';
    const wrongVhost = new URL(url());
    wrongVhost.pathname = '/nowhere';

    await expect(checkBroker(wrongPassword.href, topology([], [100]))).rejects.toThrow(
      /refuses user or password of .*:\*\*\*@/,
    );
    await expect(checkBroker(wrongVhost.href, topology([], [100]))).rejects.toThrow(
      /no virtual host as .*\/nowhere names it/,
    );
  });

  it('keeps a dead letter that cannot be stored, and stores it when that works again', async () => {
    let tries = 0;
    const runtime = await start({
      registration: {
        queue: 'dead-letters',
        contract: undefined,
        prefetch: 10,
        attempts: Infinity,
      },
      invoke: async () => {
        tries += 1;
        if (tries < 3) throw new Error('the disk is full');
        return [];
      },
    });
    const done = settled(runtime, ({ outcome }) => outcome === 'handled');

    channel().publish('offload.dead-letters', queue, Buffer.from('not even json'));

    await done;
    expect(tries).toBe(3);
    expect((await countsOf('dead-letters')).messageCount).toBe(0);
  });

  async function cutConnectionsOf(runtime: Awaited<ReturnType<typeof start>>): Promise<void> {
    const names = await eventually(async () => {
      const all = (await management('GET', 'connections')) as {
        name: string;
        client_properties: { connection_name?: string };
      }[];
      const ours = all.filter(({ client_properties: { connection_name: name } }) =>
        name?.includes('(broker-0)'),
      );
      expect(ours).toHaveLength(2);
      return ours.map(({ name }) => name);
    });
    for (const name of names) await management('DELETE', `connections/${encodeURIComponent(name)}`);
    await eventually(() => expect(runtime.connections.consuming.status).not.toBe('connected'));
  }
});
