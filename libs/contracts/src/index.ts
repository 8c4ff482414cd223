export { catalog, findContract } from './catalog.js';
export { Envelope, type MessageContext } from './envelope.js';
export * from './gateway/index.js';
export * from './ingest/index.js';
export {
  command,
  event,
  hint,
  type Contract,
  type MessageKind,
  type Outgoing,
  type PayloadOf,
} from './message.js';
export * from './messaging/index.js';
export * from './notifier/index.js';
export { asyncApiDocument } from './documents/async-api.js';
export { messageCatalogPage, type HandledBy } from './documents/message-catalog.js';
