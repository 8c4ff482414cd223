import { z } from 'zod';
import type { Contract } from '../message.js';
import type { HandledBy } from './message-catalog.js';

/**
 * The messages as an AsyncAPI 3.0 document: one channel per message type, one operation per sender
 * and per handler. Pure: the same catalogue gives the same document.
 */
export function asyncApiDocument(
  contracts: readonly Contract[],
  handledBy: HandledBy,
  example: (type: string) => unknown,
): Record<string, unknown> {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Offload messages',
      version: '1.0.0',
      description:
        'Commands and events between the services of Offload, over RabbitMQ. The payload is the body; the attributes of CloudEvents 1.0 travel as AMQP properties and headers.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(contracts.map((contract) => [contract.type, channel(contract)])),
    operations: Object.fromEntries(
      contracts.flatMap((contract) => operations(contract, handledBy)),
    ),
    components: {
      messages: Object.fromEntries(
        contracts.map((contract) => [contract.type, message(contract, example)]),
      ),
      messageTraits: { envelope: { headers: envelopeHeaders } },
    },
  };
}

const exchangeByKind = {
  command: { name: 'offload.commands', type: 'direct' },
  event: { name: 'offload.events', type: 'topic' },
  hint: { name: 'offload.hints', type: 'direct' },
};

function channel({ kind, type }: Contract): object {
  const exchange = exchangeByKind[kind];
  return {
    address: type,
    messages: { [type]: { $ref: `#/components/messages/${type}` } },
    bindings: {
      amqp: {
        is: 'routingKey',
        exchange: { ...exchange, durable: true },
        bindingVersion: '0.3.0',
      },
    },
  };
}

function operations({ kind, owner, type }: Contract, handledBy: HandledBy): [string, object][] {
  const of = (action: 'send' | 'receive', extra: object): object => ({
    action,
    channel: { $ref: `#/channels/${type}` },
    messages: [{ $ref: `#/channels/${type}/messages/${type}` }],
    ...extra,
  });
  // What the road itself tells is told by whichever service it happens in.
  const sender = kind === 'command' || owner === 'messaging' ? 'any service' : owner;
  const sends: [string, object] = [`send ${type}`, of('send', { summary: `Sent by ${sender}.` })];
  const receives = handledBy(type).map((queue): [string, object] => [
    queue,
    of('receive', { summary: `Handled from queue ${queue}.` }),
  ]);
  return [sends, ...receives];
}

function message({ kind, type, schema }: Contract, example: (type: string) => unknown): object {
  return {
    name: type,
    title: type,
    contentType: 'application/json',
    tags: [{ name: kind }],
    traits: [{ $ref: '#/components/messageTraits/envelope' }],
    payload: {
      schemaFormat: 'application/schema+json;version=draft-07',
      schema: z.toJSONSchema(schema, { target: 'draft-7', io: 'output' }),
    },
    examples: [{ name: 'example', payload: example(type) }],
  };
}

const envelopeHeaders = {
  type: 'object',
  required: ['ce-specversion', 'ce-time', 'ce-tenantid'],
  properties: {
    'ce-specversion': { const: '1.0' },
    'ce-time': { type: 'string', format: 'date-time' },
    'ce-subject': { type: 'string', description: 'What it is about, as <kind>:<id>.' },
    'ce-tenantid': { type: 'string', format: 'uuid' },
    'x-causation-id': { type: 'string', description: 'The message whose handling sent this one.' },
    traceparent: { type: 'string', description: 'W3C Trace Context.' },
    'x-minor': { type: 'boolean', description: 'One of a great many, which a trace passes over.' },
    'x-traced-before': {
      type: 'string',
      description: 'The traceparent that it had before an operator put it back.',
    },
    'x-attempt': { type: 'integer', minimum: 1, description: 'Which try this is.' },
    'x-replays': { type: 'integer', minimum: 0, description: 'How often an operator put it back.' },
    'x-replay-item': { type: 'string', description: 'The item of the replay that put it back.' },
    'x-edit-of': { type: 'string', description: 'The message of which it is an edited copy.' },
  },
};
