import { Injectable } from '@nestjs/common';
import type { Outgoing } from '@offload/contracts';
import { MessagingRuntime } from '@offload/messaging';
import type { EntityManager } from 'typeorm';
import { messageContext } from '../access/caller.js';
import type { Reply } from '../http/reply.js';
import { fingerprint, IdempotencyInFlight } from './idempotency-key.js';
import { hasKey, type KeyedRequest, type RequestKey } from './request-key.js';
import { findReply, replayOf, storeReply } from './stored-replies.js';

/** What a use case has decided: the answer, and the messages that make it true. */
export interface Accepted {
  reply: Reply;
  messages: Outgoing[];
}

/**
 * Runs the use case of a JSON POST, once for each Idempotency-Key.
 *
 * The rows, the messages and the stored answer commit together, so a client that does not know
 * whether its request arrived can send it again. What the use case throws is not stored.
 */
@Injectable()
export class AcceptOnce {
  constructor(private readonly runtime: MessagingRuntime) {}

  /** Throws IdempotencyInFlight or IdempotencyKeyReused, and whatever `work` throws. */
  async execute(
    request: RequestKey,
    body: unknown,
    work: (tx: EntityManager) => Promise<Accepted>,
  ): Promise<Reply> {
    return this.runtime.send(messageContext(request.caller), async (tx) => {
      const { reply, messages } = hasKey(request)
        ? await acceptKeyed(tx, request, fingerprint(body), work)
        : await work(tx);
      return { result: reply, messages };
    });
  }
}

async function acceptKeyed(
  tx: EntityManager,
  request: KeyedRequest,
  bodyFingerprint: Buffer,
  work: (tx: EntityManager) => Promise<Accepted>,
): Promise<Accepted> {
  await holdKey(tx, request);
  const stored = await findReply(tx, request);
  if (stored) return { reply: replayOf(stored, bodyFingerprint), messages: [] };
  const accepted = await work(tx);
  await storeReply(tx, request, { fingerprint: bodyFingerprint, reply: accepted.reply });
  return accepted;
}

/** Until the end of the transaction nobody else works on this key; a process that dies gives it back. */
async function holdKey(tx: EntityManager, { caller, route, key }: KeyedRequest): Promise<void> {
  const [row]: { is_held: boolean }[] = await tx.query(
    'select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as is_held',
    [JSON.stringify(['idempotency', caller.tenantId, route, key])],
  );
  if (!row?.is_held) throw new IdempotencyInFlight();
}
