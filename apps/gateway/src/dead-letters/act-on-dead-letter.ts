import { Inject, Injectable } from '@nestjs/common';
import type { DeadLetterActionRequest } from '@offload/contracts/http';
import { headers, storeWire, type WireMessage, withoutFailure } from '@offload/messaging';
import type { EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import { z } from 'zod';
import { NotFound } from '../http/request-parts.js';
import { Reply } from '../http/reply.js';
import { AcceptOnce, type Accepted } from '../idempotency/accept-once.js';
import type { RequestKey } from '../idempotency/request-key.js';
import { DeadLetterEntity } from './dead-letter.entity.js';
import { deadLetterResource } from './dead-letter-resource.js';
import { SUBJECT_LISTENERS, type SubjectListeners, tellSubject } from './subjects.js';

/** What an operator can do to a dead letter: put it back on its own queue, or close it for good. */
@Injectable()
export class ActOnDeadLetter {
  constructor(
    private readonly acceptOnce: AcceptOnce,
    @Inject(SUBJECT_LISTENERS) private readonly listeners: SubjectListeners,
  ) {}

  /** The new state and the message on its way commit together. Throws NotFound or InvalidState. */
  async replay(key: RequestKey, id: string, request: DeadLetterActionRequest): Promise<Reply> {
    return this.act(key, id, request, 202, async (tx, letter) => {
      letter.replay(request.reason ?? null, key.caller.keyId, new Date());
      const message = replayOf(letter);
      letter.messageId = message.messageId;
      await storeWire(tx, [message]);
    });
  }

  /** Throws NotFound or InvalidState. */
  async discard(key: RequestKey, id: string, request: DeadLetterActionRequest): Promise<Reply> {
    return this.act(key, id, request, 200, (_, letter) => {
      letter.discard(request.reason ?? null, key.caller.keyId, new Date());
    });
  }

  private async act(
    key: RequestKey,
    id: string,
    request: DeadLetterActionRequest,
    status: number,
    change: (tx: EntityManager, letter: DeadLetterEntity) => Promise<void> | void,
  ): Promise<Reply> {
    return this.acceptOnce.execute(key, request, async (tx): Promise<Accepted> => {
      const letter = await tx.findOne(DeadLetterEntity, {
        where: { id },
        lock: { mode: 'pessimistic_write' },
      });
      if (!letter) throw new NotFound('dead letter', id);
      await change(tx, letter);
      await tx.save(letter);
      await tellSubject(tx, this.listeners, letter);
      const location = { Location: `/v1/dead-letters/${id}` };
      return { reply: new Reply(status, location, deadLetterResource(letter)), messages: [] };
    });
  }
}

/**
 * The message as it goes back to the one queue that failed: with its own id, by which the inbox knows
 * what was done after all, and as a first try. Only a message without a usable id gets a fresh one.
 */
export function replayOf(letter: DeadLetterEntity): WireMessage {
  const isUsable = z.uuid().safeParse(letter.messageId).success;
  return {
    exchange: letter.exchange,
    routingKey: letter.routingKey,
    messageId: isUsable && letter.messageId ? letter.messageId : v7(),
    properties: letter.properties,
    headers: {
      ...withoutFailure(letter.headers),
      [headers.attempt]: 1,
      [headers.replays]: letter.replays,
    },
    body: letter.body,
  };
}
