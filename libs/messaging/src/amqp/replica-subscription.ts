import type { ConfirmChannel } from 'amqplib';
import type { BrokerConnection } from './connection.js';

export interface ReplicaSubscriptionOptions {
  queue: string;
  exchange: string;
  routingKey: string;
  onMessage: (body: Buffer) => void;
  onError: (error: Error) => void;
}

/**
 * Feeds this replica alone, from a queue that goes with its connection.
 *
 * For hints that may be lost: nothing is acknowledged, and what arrives while the connection is away
 * is gone. The queue is exclusive because RabbitMQ 4.3 refuses transient queues that are not.
 */
export function subscribeReplica(
  connection: BrokerConnection,
  { queue, exchange, routingKey, onMessage, onError }: ReplicaSubscriptionOptions,
): void {
  const setup = async (channel: ConfirmChannel): Promise<void> => {
    await channel.assertQueue(queue, { exclusive: true, autoDelete: true, durable: false });
    await channel.bindQueue(queue, exchange, routingKey);
    await channel.consume(queue, (delivery) => delivery && onMessage(delivery.content), {
      noAck: true,
    });
  };
  connection.openChannel(queue, setup, onError);
}
