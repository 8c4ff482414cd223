import { Injectable } from '@nestjs/common';
import type { ChangePaceRequest, ReplayReasonRequest } from '@offload/contracts/http';
import type { EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import { recordOperation } from '../../audit/record-operation.js';
import { NotFound } from '../../http/request-parts.js';
import { Reply } from '../../http/reply.js';
import { AcceptOnce } from '../../idempotency/accept-once.js';
import type { RequestKey } from '../../idempotency/request-key.js';
import { replayResource } from './replay-resource.js';
import { ReplayEntity } from './replay.entity.js';
import { type ReplayNews, tellReplay } from './tell-replay.js';

/** What an operator does to a replay that has not ended. Each act is an operation of its own in the audit. */
@Injectable()
export class ControlReplay {
  constructor(private readonly acceptOnce: AcceptOnce) {}

  /** Throws NotFound or ReplayStateRefuses, as do the others. */
  async pause(key: RequestKey, id: string, { reason }: ReplayReasonRequest): Promise<Reply> {
    const act = { name: 'pause', reason, news: 'replay-paused' as const };
    return this.act(key, id, act, (replay, now) => {
      replay.stop({ code: 'by_operator', detail: reason, at: now.toISOString() });
    });
  }

  async resume(key: RequestKey, id: string, { reason }: ReplayReasonRequest): Promise<Reply> {
    const act = { name: 'resume', reason, news: 'replay-resumed' as const };
    return this.act(key, id, act, (replay, now) => replay.resume(now));
  }

  async abort(key: RequestKey, id: string, { reason }: ReplayReasonRequest): Promise<Reply> {
    return this.act(key, id, { name: 'abort', reason }, (replay) => replay.abort());
  }

  async changePace(key: RequestKey, id: string, request: ChangePaceRequest): Promise<Reply> {
    const { reason, pace } = request;
    const act = { name: 'change_pace', reason, details: { ...pace } };
    return this.act(key, id, act, (replay) => replay.changePace(pace));
  }

  private async act(
    key: RequestKey,
    id: string,
    { name, reason, news, details = {} }: Act,
    change: (replay: ReplayEntity, now: Date) => void,
  ): Promise<Reply> {
    return this.acceptOnce.execute(key, { reason, ...details }, async (tx) => {
      const replay = await getLocked(tx, id);
      const now = new Date();
      change(replay, now);
      replay.changedAt = now;
      await recordOperation(tx, {
        id: v7(),
        action: `replay.${name}`,
        caller: key.caller,
        target: `replay:${id}`,
        incident: replay.incident,
        reason,
        count: replay.claimed,
        details,
      });
      await tellReplay(tx, replay, now, news);
      await tx.update(ReplayEntity, { id }, replay);
      return { reply: new Reply(200, {}, replayResource(replay)), messages: [] };
    });
  }
}

interface Act {
  name: string;
  reason: string;
  news?: ReplayNews;
  details?: Record<string, unknown>;
}

/** Waits for the runner's step. */
async function getLocked(tx: EntityManager, id: string): Promise<ReplayEntity> {
  const replay = await tx.findOne(ReplayEntity, {
    where: { id },
    lock: { mode: 'pessimistic_write' },
  });
  if (!replay) throw new NotFound('replay', id);
  return replay;
}
