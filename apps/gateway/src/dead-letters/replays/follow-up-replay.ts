import { Inject, Injectable } from '@nestjs/common';
import type { BulkActionResult, FollowUpRequest } from '@offload/contracts/http';
import type { EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import { recordOperation } from '../../audit/record-operation.js';
import { GATEWAY_CONFIG, type GatewayConfig } from '../../config.js';
import { Reply } from '../../http/reply.js';
import { AcceptOnce, type Accepted } from '../../idempotency/accept-once.js';
import type { RequestKey } from '../../idempotency/request-key.js';
import { discardLetters } from '../change-letters.js';
import type { Conditions } from '../filter-letters.js';
import { SUBJECT_LISTENERS, type SubjectListeners } from '../subjects.js';
import { changePace } from './change-pace.js';
import type { ReplayEntity } from './replay.entity.js';
import { NothingToReplay } from './replays.errors.js';
import { ReplaysQueries } from './replays.queries.js';
import { skippedSentence } from './skipped-sentence.js';
import { startedReply, startReplay } from './start-replay.js';

/** Those of a replay that failed again and are still open: another replay of them, or an end to them. */
@Injectable()
export class FollowUpReplay {
  constructor(
    private readonly acceptOnce: AcceptOnce,
    private readonly replays: ReplaysQueries,
    @Inject(SUBJECT_LISTENERS) private readonly listeners: SubjectListeners,
    @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** Throws NotFound or NothingToReplay. */
  async execute(key: RequestKey, id: string, request: FollowUpRequest): Promise<Reply> {
    return this.acceptOnce.execute(key, request, async (tx) => {
      const replay = await this.replays.getEntity(tx, id);
      return request.action === 'replay'
        ? this.replay(tx, key, replay, request)
        : this.discard(tx, key, replay, request);
    });
  }

  private async replay(
    tx: EntityManager,
    { caller }: RequestKey,
    earlier: ReplayEntity,
    { reason, incident, pace }: FollowUpRequest,
  ): Promise<Accepted> {
    const selection = { follow_up_of: earlier.id };
    const replay = await startReplay(tx, {
      caller,
      listeners: this.listeners,
      inboxDays: this.config.INBOX_RETENTION_DAYS,
      incident: incident ?? earlier.incident,
      reason,
      pace: changePace(earlier.pace, pace),
      candidates: { ...failedAgain(earlier.id), withClosed: false },
      selection,
      asked: selection,
    });
    if (replay.claimed === 0)
      throw new NothingToReplay(`${nothingLeft} ${await skippedSentence(tx, replay.id)}`.trim());
    return { reply: startedReply(replay), messages: [] };
  }

  private async discard(
    tx: EntityManager,
    { caller }: RequestKey,
    earlier: ReplayEntity,
    { reason, incident }: FollowUpRequest,
  ): Promise<Accepted> {
    const operationId = v7();
    const conditions = failedAgain(earlier.id);
    const { listeners } = this;
    const change = { listeners, caller, operationId, reason, conditions };
    const count = await discardLetters(tx, change);
    if (count === 0) throw new NothingToReplay(nothingLeft);
    await recordOperation(tx, {
      id: operationId,
      action: 'dead_letter.discard',
      caller,
      target: `replay:${earlier.id}`,
      incident: incident ?? earlier.incident,
      reason,
      selection: { follow_up_of: earlier.id },
      count,
    });
    const result: BulkActionResult = {
      object: 'bulk_action',
      operation_id: operationId,
      action: 'discard',
      dry_run: false,
      count,
    };
    return { reply: new Reply(200, {}, result), messages: [] };
  }
}

const nothingLeft = 'None of those that failed again is still open.';

/** A dead letter of its own has a copy that failed, and a message that had found no queue before. */
function failedAgain(replayId: string): Conditions {
  return {
    sql: `letter.id in (
            select failed_as from replay_item where replay_id = $1 and state = 'failed_again')`,
    parameters: [replayId],
  };
}
