export type { IncomingMessage, WireMessage, WireProperties } from './amqp/wire.js';
export { headers, withoutFailure } from './amqp/headers.js';
export { editOf, replayItemIdOf } from './amqp/replay-headers.js';
export { MalformedMessage, readEnvelope, writeEnvelope } from './amqp/wire.js';
export { NotConfirmed, Publisher, Unroutable } from './amqp/publisher.js';
export { BrokerUnreachable, checkBroker, UnfitBroker } from './amqp/check-broker.js';
export type { ConnectionState } from './amqp/connection.js';
export type { QueueCounts } from './amqp/count-messages.js';
export { type DeadLetter, type Failure, unrouted, workerDied } from './consume/dead-letter.js';
export {
  deliver,
  type DeliveryResult,
  type InvokeHandler,
  noTenant,
  type Outcome,
} from './consume/delivery.js';
export { note } from './consume/notes.js';
export { type BrakeSettings } from './consume/brake.js';
export { type BrakeChange, Brakes } from './consume/brakes.js';
export { Deliveries } from './consume/deliveries.js';
export {
  type DeadLetterHandler,
  Handles,
  HandlesDeadLetters,
  type HandlerContext,
  type MessageHandler,
  type Registration,
  registrationOf,
} from './consume/handles.decorator.js';
export { MessagingModule } from './messaging.module.js';
export { MESSAGING_OPTIONS, type MessagingOptions } from './messaging.options.js';
export { type RegisteredHandler } from './consume/delivery-work.js';
export { MessagingRuntime } from './messaging-runtime.js';
export { MessagingStrategy } from './messaging-strategy.js';
export { cleanUp, type Retention } from './outbox/clean-up.js';
export { createMessagingTables, dropMessagingTables } from './outbox/messaging-tables.js';
export { contextOf, storeOutgoing, storeWire } from './outbox/outbox.js';
export { Relay } from './outbox/relay.js';
export { exchanges, queues, retryQueue } from './topology/names.js';
export { topologyPage } from './topology/topology-page.js';
export { topology, type Topology } from './topology/topology.js';
export { defaultTiersMs } from './consume/retry-policy.js';
export { runMain, startService, type Surroundings, untilItStarts } from './start-service.js';
export { messagingOptionsOf } from './messaging-options-of.js';
export { brokerHealth, serviceChecks } from './service-health.js';
