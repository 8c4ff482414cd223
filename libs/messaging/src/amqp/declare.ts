import type { Channel } from 'amqplib';
import type { Topology } from '../topology/topology.js';

/** Makes the broker look like the topology. Safe to run again; refuses (406) where a queue exists with other arguments. */
export async function declare(channel: Channel, topology: Topology): Promise<void> {
  for (const { name, type, arguments: args } of topology.exchanges) {
    await channel.assertExchange(name, type, { durable: true, arguments: args });
  }
  for (const { name, arguments: args } of topology.queues) {
    await channel.assertQueue(name, { durable: true, arguments: args });
  }
  for (const { queue, exchange, routingKey, arguments: args } of topology.bindings) {
    await channel.bindQueue(queue, exchange, routingKey, args);
  }
}
