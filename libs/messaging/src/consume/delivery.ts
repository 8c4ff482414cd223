import { type Envelope, type MessageContext, type Outgoing } from '@offload/contracts';
import { isPermanent } from '@offload/platform';
import type { DataSource } from 'typeorm';
import {
  type IncomingMessage,
  jsonContentType,
  MalformedMessage,
  readEnvelope,
} from '../amqp/wire.js';
import { contextOf, storeOutgoing } from '../outbox/outbox.js';
import { type DeadLetter, readDeadLetter } from './dead-letter.js';
import type { HandlerContext, Registration } from './handles.decorator.js';
import { noteInInbox } from './inbox.js';

/** How one arrival of a message at a handler ends. There are no others. */
export type Outcome = 'handled' | 'duplicate' | 'retry' | 'dead-letter';

export interface DeliveryResult {
  outcome: Outcome;
  messageId: string | undefined;
  messageType: string | undefined;
  queue: string;
  attempt: number;
  correlationId: string | undefined;
  /** What the handler sent; empty unless the outcome is `handled`. */
  published: readonly Outgoing[];
  /** Why it was not handled. */
  error: unknown;
  durationMs: number;
}

/** Calls the handler with Nest's guards, pipes and interceptors around it. */
export type InvokeHandler = (payload: unknown, context: HandlerContext) => Promise<Outgoing[]>;

/** The tenant of what nobody can be named for: a dead letter whose envelope was unreadable. */
export const noTenant = '00000000-0000-0000-0000-000000000000';

/**
 * The life of a delivery:
 *
 * 1. decode: envelope and payload must fit the contract, else it is a dead letter.
 * 2. begin a transaction.
 * 3. note in the inbox; a message noted before is a duplicate, and nothing else happens.
 * 4. handle: load, decide, store, return messages.
 * 5. store what was returned in the outbox.
 * 6. commit. Before this nothing has happened; after this it has happened once.
 * 7. settle (see settle.ts): ack, or publish a copy to a retry tier or to the dead letters and ack.
 *
 * Never rejects: a failure is an outcome.
 */
export async function deliver(
  message: IncomingMessage,
  registration: Registration,
  invoke: InvokeHandler,
  { dataSource, service }: { dataSource: DataSource; service: string },
): Promise<DeliveryResult> {
  const startedAt = performance.now();
  const finish = (outcome: Outcome, rest: Partial<DeliveryResult> = {}): DeliveryResult => ({
    outcome,
    messageId: message.messageId,
    messageType: message.properties.type,
    queue: registration.queue,
    attempt: attemptOf(message),
    correlationId: message.properties.correlationId,
    published: [],
    error: undefined,
    durationMs: performance.now() - startedAt,
    ...rest,
  });

  try {
    const { envelope, payload, inboxId } = decode(message, registration);
    const published = await dataSource.transaction(async (tx) => {
      if (!(await noteInInbox(tx, inboxId, registration.queue))) return undefined;
      const outgoing = await invoke(payload, { tx, envelope });
      await storeOutgoing(tx, outgoing, contextOf(envelope, service));
      return outgoing;
    });
    return published ? finish('handled', { published }) : finish('duplicate');
  } catch (error) {
    const isLastAttempt = attemptOf(message) >= registration.attempts;
    return finish(isPermanent(error) || isLastAttempt ? 'dead-letter' : 'retry', { error });
  }
}

/** The number of this try, counted by us; the broker's own counts mean different things in different versions. */
export function attemptOf(message: IncomingMessage): number {
  const attempt = message.headers['x-attempt'];
  return typeof attempt === 'number' && attempt >= 1 ? attempt : 1;
}

interface Decoded {
  envelope: Envelope;
  payload: unknown;
  inboxId: string;
}

function decode(message: IncomingMessage, { contract, queue }: Registration): Decoded {
  if (!contract) return decodeDeadLetter(readDeadLetter(message, new Date()));
  const envelope = readEnvelope(message);
  if (envelope.type !== contract.type) {
    throw new MalformedMessage(`Queue ${queue} takes ${contract.type}, not ${envelope.type}.`);
  }
  const parsed = contract.schema.safeParse(parseJson(message));
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path, message: why }) => `${path.join('.')}: ${why}`);
    throw new MalformedMessage(`The payload does not fit ${contract.type} (${wrong.join('; ')}).`);
  }
  return { envelope, payload: parsed.data, inboxId: envelope.id };
}

function parseJson(message: IncomingMessage): unknown {
  try {
    return JSON.parse(message.body.toString('utf8'));
  } catch (error) {
    const contentType = message.properties.contentType ?? 'unknown content';
    throw new MalformedMessage(`The body is not JSON (${contentType}).`, error);
  }
}

/** A dead letter is taken as it is; what its envelope lacks is made up, so that it can be stored. */
function decodeDeadLetter(deadLetter: DeadLetter): Decoded {
  const context: MessageContext = {
    source: deadLetter.properties.appId ?? 'unknown',
    tenantId: deadLetter.tenantId ?? noTenant,
    correlationId: deadLetter.properties.correlationId ?? deadLetter.id,
  };
  return {
    inboxId: deadLetter.id,
    payload: deadLetter,
    envelope: {
      ...context,
      id: deadLetter.id,
      type: deadLetter.properties.type ?? jsonContentType,
      subject: deadLetter.subject,
      time: deadLetter.failure.failedAt.toISOString(),
      attempt: deadLetter.attempts,
      replays: deadLetter.replays,
    },
  };
}
