import { randomUUID } from 'node:crypto';
import type { Provider, Type } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { Contract, Envelope, Outgoing } from '@offload/contracts';
import {
  deliver as runDelivery,
  type DeliveryResult,
  type HandlerContext,
  type IncomingMessage,
  type Registration,
  registrationOf,
  writeEnvelope,
} from '@offload/messaging';
import { databaseOptions, type DatabaseSettings, migrate } from '@offload/platform';
import { DataSource } from 'typeorm';
import { workerDatabase } from './test-servers.js';

export interface HarnessOptions {
  /** The service whose handler it is. */
  service: string;
  database: (url: string, poolSize?: number) => DatabaseSettings;
  /** What the handler has injected, besides the DataSource. */
  providers?: Provider[];
}

export interface DeliverOptions extends Partial<Envelope> {
  messageId?: string;
  /** Headers besides those of the envelope, for instance of a replay. */
  headers?: Record<string, unknown>;
  /** Replaces the body, for messages that do not fit their contract. */
  body?: Buffer;
  /** Calls the handler in some other way, for instance to throw after it. */
  invoke?: (handle: () => Promise<Outgoing[]>) => Promise<Outgoing[]>;
}

/** The tenant that test messages belong to unless they say otherwise. */
export const testTenant = '0198d0e4-0000-7000-8000-000000000001';

interface AnyHandler {
  handle(payload: never, context: HandlerContext): Promise<Outgoing[]>;
}

/**
 * Runs one handler through the real delivery pipeline with a real transaction, without a broker.
 * Call it inside `describe`.
 */
export function handlerHarness(handler: Type<AnyHandler>, options: HarnessOptions) {
  let module: TestingModule;

  beforeAll(async () => {
    const settings = options.database(await workerDatabase());
    await migrate(settings);
    module = await Test.createTestingModule({
      imports: [TypeOrmModule.forRoot(databaseOptions(settings))],
      controllers: [handler],
      providers: options.providers ?? [],
    }).compile();
  });

  afterAll(async () => {
    await module.close();
  });

  const db = (): DataSource => module.get(DataSource);

  const deliver = async (
    message: Outgoing,
    { messageId, headers, body, invoke, ...envelope }: DeliverOptions = {},
  ): Promise<DeliveryResult> => {
    const registration = registrationFor(handler);
    const incoming = arrival(message, registration.queue, {
      id: messageId ?? randomUUID(),
      ...envelope,
    });
    const instance = module.get<AnyHandler>(handler);
    return runDelivery(
      {
        ...incoming,
        headers: { ...incoming.headers, ...headers },
        body: body ?? incoming.body,
      },
      registration,
      (payload, context) => {
        const handle = (): Promise<Outgoing[]> => instance.handle(payload as never, context);
        return invoke ? invoke(handle) : handle();
      },
      { dataSource: db(), service: options.service },
    );
  };

  return { db, deliver, get: <T>(type: Type<T>): T => module.get(type) };
}

/** The message as the broker would hand it to the queue. */
export function arrival(
  message: Outgoing,
  queue: string,
  envelope: Partial<Envelope> = {},
): IncomingMessage {
  const { messageId, properties, headers } = writeEnvelope({
    id: randomUUID(),
    source: 'test',
    type: message.type,
    subject: message.subject,
    time: new Date().toISOString(),
    tenantId: testTenant,
    correlationId: randomUUID(),
    attempt: 1,
    replays: 0,
    ...envelope,
  });
  return {
    queue,
    exchange: '',
    routingKey: queue,
    redelivered: false,
    messageId,
    properties,
    headers,
    body: Buffer.from(JSON.stringify(message.payload)),
  };
}

function registrationFor(handler: Type<unknown>): Registration {
  const registration = registrationOf(handler);
  if (!registration) throw new Error(`${handler.name} has no @Handles(…).`);
  return registration;
}

/** The contract a handler class is registered for. */
export function contractOf(handler: Type<unknown>): Contract {
  const { contract } = registrationFor(handler);
  if (!contract) throw new Error(`${handler.name} takes dead letters, not a contract.`);
  return contract;
}
