import { Logger } from '@nestjs/common';
import type { Contract, Outgoing, PayloadOf } from '@offload/contracts';
import { v7 } from 'uuid';
import type { BrokerConnection } from './amqp/connection.js';
import type { Publisher } from './amqp/publisher.js';
import { subscribeReplica } from './amqp/replica-subscription.js';
import { writeEnvelope } from './amqp/wire.js';
import { noTenant } from './consume/delivery.js';
import type { MessagingOptions } from './messaging.options.js';
import { exchanges, replicaQueue } from './topology/names.js';

/** What processes tell one another that may be lost: not stored, not confirmed, not repeated. */
export class Hints {
  private readonly logger = new Logger('Messaging');
  private connection: BrokerConnection | undefined;
  private readonly atStart: ((connection: BrokerConnection) => void)[] = [];

  constructor(
    private readonly options: Pick<MessagingOptions, 'service' | 'instance'>,
    private readonly publisher: Publisher,
  ) {}

  start(connection: BrokerConnection): void {
    this.connection = connection;
    for (const begin of this.atStart.splice(0)) begin(connection);
  }

  send(message: Outgoing): void {
    this.publisher.hint({
      exchange: exchanges.hints,
      routingKey: message.type,
      ...writeEnvelope({
        id: v7(),
        source: this.options.service,
        type: message.type,
        time: new Date().toISOString(),
        tenantId: noTenant,
        correlationId: this.options.instance,
        attempt: 1,
        replays: 0,
      }),
      body: Buffer.from(JSON.stringify(message.payload)),
    });
  }

  /** Listens with this replica alone; before the start, it listens from the start on. */
  listen<C extends Contract>(
    contract: C,
    purpose: string,
    listener: (payload: PayloadOf<C>) => void,
  ): void {
    const subscribe = (connection: BrokerConnection): void =>
      subscribeReplica(connection, {
        queue: replicaQueue(this.options.service, purpose, this.options.instance),
        exchange: exchanges.hints,
        routingKey: contract.type,
        onMessage: (body) => {
          const parsed = contract.schema.safeParse(jsonOrUndefined(body));
          // What is no hint of ours is not worth more than a hint that was lost.
          if (parsed.success) listener(parsed.data as PayloadOf<C>);
        },
        onError: (error) => this.logger.warn({ event: 'hint', err: error }),
      });
    if (this.connection) subscribe(this.connection);
    else this.atStart.push(subscribe);
  }
}

function jsonOrUndefined(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
