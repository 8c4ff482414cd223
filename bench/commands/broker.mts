import { connect, type ConfirmChannel, type Options } from 'amqplib';
import { v7 } from 'uuid';
import { builtMessaging } from '../lib/built.mts';
import { context, Note, Noted, queue, sinkQueue, wantedTopology } from './plan.mts';

/** The broker's side of the measurement: queues with commands waiting in them. */
export async function openBroker(rabbitmqUrl: string): Promise<Broker> {
  const connection = await connect(rabbitmqUrl);
  const channel = await connection.createConfirmChannel();
  await declare(channel);
  return {
    fill: (messages) => fill(channel, messages),
    close: async () => {
      for (const name of [queue, sinkQueue]) await channel.deleteQueue(name);
      await connection.close();
    },
  };
}

export interface Broker {
  /** Empties the queue and puts so many commands into it; each is one that nobody has handled yet. */
  fill: (messages: number) => Promise<void>;
  /** Removes the queues. */
  close: () => Promise<void>;
}

async function declare(channel: ConfirmChannel): Promise<void> {
  const { exchanges, queues, bindings } = wantedTopology();
  for (const { name, type, arguments: args } of exchanges) {
    await channel.assertExchange(name, type, { durable: true, arguments: args });
  }
  for (const { name, arguments: args } of queues) {
    await channel.assertQueue(name, { durable: true, arguments: args });
  }
  for (const { queue: to, exchange, routingKey, arguments: args } of bindings) {
    await channel.bindQueue(to, exchange, routingKey, args);
  }
  await channel.assertQueue(sinkQueue, { durable: false, exclusive: true, maxLength: 1 });
  await channel.bindQueue(sinkQueue, builtMessaging().exchanges.events, Noted.type);
}

async function fill(channel: ConfirmChannel, messages: number): Promise<void> {
  const { exchanges, writeEnvelope } = builtMessaging();
  await channel.purgeQueue(queue);
  for (let number = 1; number <= messages; number++) {
    const { messageId, properties, headers } = writeEnvelope({
      ...context,
      id: v7(),
      type: Note.type,
      time: new Date().toISOString(),
      attempt: 1,
      replays: 0,
    });
    const body = Buffer.from(JSON.stringify({ text: `note ${number}` }));
    const options = { messageId, ...properties, headers, persistent: true };
    channel.publish(exchanges.commands, Note.type, body, options as Options.Publish);
    if (number % 1000 === 0) await channel.waitForConfirms();
  }
  await channel.waitForConfirms();
}
