import { type Envelope, type MessageContext, type Outgoing } from '@offload/contracts';
import { isPermanent } from '@offload/platform';
import type { DataSource, EntityManager } from 'typeorm';
import {
  type IncomingMessage,
  jsonContentType,
  MalformedMessage,
  readEnvelope,
} from '../amqp/wire.js';
import { contextOf, storeOutgoing } from '../outbox/outbox.js';
import { type DeadLetter, readDeadLetter } from './dead-letter.js';
import { attemptOf } from './delivery-facts.js';
import type { HandlerContext, Registration } from './handles.decorator.js';
import { noteInInbox } from './inbox.js';
import { notesOf } from './notes.js';
import { replayOutcome } from './replay-outcome.js';

/** How one arrival of a message at a handler ends. There are no others. */
export type Outcome = 'handled' | 'duplicate' | 'retry' | 'dead-letter';

export interface DeliveryResult {
  outcome: Outcome;
  messageId: string | undefined;
  messageType: string | undefined;
  queue: string;
  attempt: number;
  correlationId: string | undefined;
  /**
   * What the handler sent; empty unless the outcome is `handled`. What the road itself tells a replay
   * is not among it.
   */
  published: readonly Outgoing[];
  /** Facts that were noted in its transaction; empty unless it is committed. */
  notes: readonly object[];
  /** Whether this was one of the tries that a message has; not so while the brake is on. */
  isCounted: boolean;
  /** Why it was not handled. */
  error: unknown;
  durationMs: number;
}

/** Calls the handler with Nest's guards, pipes and interceptors around it. */
export type InvokeHandler = (payload: unknown, context: HandlerContext) => Promise<Outgoing[]>;

/** The tenant of what nobody can be named for: a dead letter whose envelope was unreadable. */
export const noTenant = '00000000-0000-0000-0000-000000000000';

export interface DeliverSettings {
  dataSource: DataSource;
  service: string;
  /** The brake lets it through as a probe that does not count, so it is nobody's last try. (Default: false) */
  isSpared?: boolean;
}

/**
 * The life of a delivery:
 *
 * 1. decode: envelope and payload must fit the contract, else it is a dead letter.
 * 2. begin a transaction.
 * 3. note in the inbox; a message noted before is a duplicate and is not handled again.
 * 4. handle: load, decide, store, return messages.
 * 5. store what was returned in the outbox; and for a message that a replay put back, duplicate or not,
 *    that it is done (see replay-outcome.ts).
 * 6. commit. Before this nothing has happened; after this it has happened once.
 * 7. settle (see delivery-work.ts and settle.ts): ack, or publish a copy to a retry tier or to the dead letters and ack.
 *
 * Never rejects: a failure is an outcome.
 */
export async function deliver(
  message: IncomingMessage,
  registration: Registration,
  invoke: InvokeHandler,
  { dataSource, service, isSpared = false }: DeliverSettings,
): Promise<DeliveryResult> {
  const startedAt = performance.now();
  const isLastAttempt = attemptOf(message) >= registration.attempts;
  const finish = (outcome: Outcome, rest: Partial<DeliveryResult> = {}): DeliveryResult => ({
    outcome,
    messageId: message.messageId,
    messageType: message.properties.type,
    queue: registration.queue,
    attempt: attemptOf(message),
    correlationId: message.properties.correlationId,
    published: [],
    notes: [],
    isCounted: true,
    error: undefined,
    durationMs: performance.now() - startedAt,
    ...rest,
  });

  const context = (tx: EntityManager, envelope: Envelope): HandlerContext => ({
    tx,
    envelope,
    isLastAttempt: isLastAttempt && !isSpared,
  });

  try {
    const { envelope, payload, inboxId } = decode(message, registration);
    const { published, notes } = await dataSource.transaction(async (tx) => {
      const isFirst = await noteInInbox(tx, inboxId, registration.queue);
      const outgoing = isFirst ? await invoke(payload, context(tx, envelope)) : [];
      const outcome = isFirst ? 'handled' : 'duplicate';
      // A queue of last resort stores what failed; that is not the end a replay waits for.
      const told = registration.contract
        ? replayOutcome(message, { outcome, messageId: inboxId, service, now: new Date() })
        : [];
      await storeOutgoing(tx, [...outgoing, ...told], contextOf(envelope, service));
      return { published: isFirst ? outgoing : undefined, notes: notesOf(tx) };
    });
    return published ? finish('handled', { published, notes }) : finish('duplicate');
  } catch (error) {
    return finish(isPermanent(error) || isLastAttempt ? 'dead-letter' : 'retry', { error });
  }
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
