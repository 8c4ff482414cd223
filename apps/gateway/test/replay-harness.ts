import { EmailSent, ReplayedMessageHandled } from '@offload/contracts';
import type { List, ReplayItem, ReplayResource } from '@offload/contracts/http';
import { exchanges, headers, storeOutgoing } from '@offload/messaging';
import { arrival, eventually, workerVhost } from '@offload/testing';
import { type Channel, type ChannelModel, connect, type ConsumeMessage } from 'amqplib';
import { v7 } from 'uuid';
import { defaultTenantId } from '../src/access/bootstrap-access.js';
import { WorkerStore } from '../src/monitor/workers/worker-store.js';
import { aStoredDeadLetter, type DeadLetterFields } from './dead-letter-builders.js';
import type { gatewayHarness } from './gateway-harness.js';
import { aConsumer, aReport } from './monitor-builders.js';

export type Verdict = 'handled' | 'duplicate' | 'failed' | 'hold';

/**
 * A worker in the hands of the spec: it takes what a replay puts into its queue, notes it, and ends it
 * as it is told. `gateway` is the harness with the same broker; call it inside `describe`, after that.
 */
export function replayHarness(broker: string, gateway: ReturnType<typeof gatewayHarness>) {
  const queue = `spec.${v7()}`;
  const arrived: ConsumeMessage[] = [];
  let decide = handlesAll;
  let model: ChannelModel;
  let channel: Channel;
  let reporting: NodeJS.Timeout | undefined;

  beforeAll(async () => {
    model = await connect(await workerVhost(broker));
    channel = await model.createChannel();
    await channel.assertQueue(queue, { exclusive: true });
    await channel.consume(queue, (message) => void (message && take(message)), { noAck: true });
    await sayAlive();
    reporting = setInterval(() => void sayAlive(), 2000);
  });
  afterAll(async () => {
    clearInterval(reporting);
    await model.close();
  });

  /** As a worker does, so that the gateway knows that somebody consumes the queue. */
  const sayAlive = async (): Promise<void> => {
    const reportedAt = new Date().toISOString();
    const report = { instance: queue, service: 'spec', reportedAt, consumers: [aConsumer(queue)] };
    await gateway
      .app()
      .get(WorkerStore)
      .record([aReport(report)]);
  };

  const take = async (message: ConsumeMessage): Promise<void> => {
    arrived.push(message);
    const verdict = decide(message);
    if (verdict !== 'hold') await end(message, verdict);
  };

  /** Ends a message that was held, or another time. */
  const end = async (message: ConsumeMessage, verdict: Verdict): Promise<void> => {
    if (verdict === 'failed') fail(message);
    else await report(message, verdict === 'duplicate' ? 'duplicate' : 'handled');
  };

  /** As the road does it in the transaction of the handler. */
  const report = async (
    { properties }: ConsumeMessage,
    outcome: 'handled' | 'duplicate',
  ): Promise<void> => {
    const event = ReplayedMessageHandled({
      replayItemId: String(properties.headers?.[headers.replayItem]),
      messageId: String(properties.messageId),
      queue,
      service: 'spec',
      outcome,
      attempt: 1,
      handledAt: new Date().toISOString(),
    });
    const context = { source: 'spec', tenantId: defaultTenantId, correlationId: 'spec' };
    await gateway.db().transaction((tx) => storeOutgoing(tx, [event], context));
    gateway.runtime().nudge();
  };

  /** As the road gives up. */
  const fail = ({ properties, content }: ConsumeMessage): void => {
    const now = new Date().toISOString();
    channel.publish(exchanges.deadLetters, queue, content, {
      ...properties,
      headers: {
        ...properties.headers,
        [headers.deadLetterId]: v7(),
        [headers.failedQueue]: queue,
        [headers.failureCode]: 'spec.still-broken',
        [headers.failureMessage]: 'It is still broken.',
        [headers.failedAt]: now,
        [headers.firstFailedAt]: now,
      },
    });
  };

  const getReplay = async (id: string): Promise<ReplayResource> => {
    const { body } = await gateway.as().get(`/v1/replays/${id}`).expect(200);
    return body as ReplayResource;
  };

  return {
    queue,
    /** What came into the queue, in order. */
    arrived: (): readonly ConsumeMessage[] => arrived,
    /** The messages after the first `earlier`, when so many have come. */
    untilArrived: (earlier: number, count: number): Promise<ConsumeMessage[]> =>
      eventually(() => {
        const since = arrived.slice(earlier);
        expect(since).toHaveLength(count);
        return since;
      }),
    idsArrived: (): string[] => arrived.map(({ properties }) => String(properties.messageId)),
    decides: (rule: (message: ConsumeMessage) => Verdict): void => {
      decide = rule;
    },
    end,
    /** The message of a dead letter as it came into the queue last. */
    messageOf: (letterId: string): Promise<ConsumeMessage> =>
      eventually(async () => {
        const [row]: { message_id: string }[] = await gateway
          .db()
          .query('select message_id from dead_letter where id = $1', [letterId]);
        const found = arrived.findLast(
          ({ properties }) => properties.messageId === row?.message_id,
        );
        if (!found) throw new Error(`Nothing of the dead letter ${letterId} has arrived.`);
        return found;
      }),
    getReplay,
    /** Dead letters of this queue that failed just now; answers their ids. */
    letters: async (count: number, fields: DeadLetterFields = {}): Promise<string[]> => {
      const ids: string[] = [];
      for (let index = 0; index < count; index += 1)
        ids.push(await aStoredDeadLetter(gateway.db(), anEmailReport(queue, fields)));
      return ids;
    },
    start: async (request: object): Promise<ReplayResource> => {
      const { body } = await gateway
        .as()
        .post('/v1/replays')
        .send({ incident: 'spec', reason: 'It is mended.', ...request })
        .expect(202);
      return body as ReplayResource;
    },
    act: (id: string, noun: string, body: object = { reason: 'Because of the spec.' }) =>
      gateway.as().post(`/v1/replays/${id}/${noun}`).send(body),
    items: async (id: string, query = ''): Promise<ReplayItem[]> => {
      const { body } = await gateway.as().get(`/v1/replays/${id}/items?limit=100${query}`);
      return (body as List<ReplayItem>).data;
    },
    until: (id: string, wanted: object): Promise<ReplayResource> =>
      eventually(async () => {
        const replay = await getReplay(id);
        expect(replay).toMatchObject(wanted);
        return replay;
      }),
    stateOf: async (letterId: string): Promise<string | undefined> => {
      const [row]: { state: string }[] = await gateway
        .db()
        .query('select state from dead_letter where id = $1', [letterId]);
      return row?.state;
    },
  };
}

const handlesAll = (_message: ConsumeMessage): Verdict => 'handled';

/** A report that nobody here waits for; it fits its contract. */
function anEmailReport(queue: string, fields: DeadLetterFields): DeadLetterFields {
  const report = EmailSent({
    emailId: v7(),
    messageIdHeader: '<spec@example.test>',
    attempt: 1,
    response: '250 OK',
    refused: [],
    sentAt: '2026-01-01T00:00:00Z',
  });
  const messageId = v7();
  const { properties, headers: table, body } = arrival(report, queue, { id: messageId });
  const now = new Date();
  const failure = { firstFailedAt: now, failedAt: now, service: 'spec', ...fields.failure };
  return { messageId, properties, headers: table, body, queue, ...fields, failure };
}
