import { connect, type Options } from 'amqplib';

/** A message that no service of ours has sent. */
export interface ForeignMessage {
  queue: string;
  body: string;
  properties?: Options.Publish;
}

/** Puts messages straight into their queues and waits until the broker has them. */
export async function publishTo(url: string, messages: readonly ForeignMessage[]): Promise<void> {
  const connection = await connect(url);
  try {
    const channel = await connection.createConfirmChannel();
    for (const { queue, body, properties } of messages) {
      channel.publish('', queue, Buffer.from(body), { persistent: true, ...properties });
    }
    await channel.waitForConfirms();
  } finally {
    await connection.close();
  }
}
