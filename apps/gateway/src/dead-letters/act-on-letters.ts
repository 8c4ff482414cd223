import { Inject, Injectable } from '@nestjs/common';
import type {
  BulkActionRequest,
  BulkActionResult,
  DeadLetterActionRequest,
} from '@offload/contracts/http';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import { recordOperation } from '../audit/record-operation.js';
import { NotFound } from '../http/request-parts.js';
import { Reply } from '../http/reply.js';
import { AcceptOnce } from '../idempotency/accept-once.js';
import type { RequestKey } from '../idempotency/request-key.js';
import { countLetters, discardLetters, restoreLetters } from './change-letters.js';
import { DeadLetterEntity } from './dead-letter.entity.js';
import { InvalidState, MoreThanExpected } from './dead-letters.errors.js';
import { describeLetters } from './describe-letters.js';
import { selectionConditions } from './filter-letters.js';
import { SUBJECT_LISTENERS, type SubjectListeners } from './subjects.js';
import { SUBJECT_VIEWS, type SubjectViews } from './subject-views.js';

export type Act = 'discard' | 'restore';

/**
 * Closes dead letters for good, or opens discarded ones again: one, or all of a selection.
 *
 * The new states, the entry in the audit and what the things they are about are told commit together.
 */
@Injectable()
export class ActOnLetters {
  constructor(
    private readonly acceptOnce: AcceptOnce,
    private readonly dataSource: DataSource,
    @Inject(SUBJECT_LISTENERS) private readonly listeners: SubjectListeners,
    @Inject(SUBJECT_VIEWS) private readonly views: SubjectViews,
  ) {}

  /** Throws NotFound or InvalidState. */
  async one(
    act: Act,
    key: RequestKey,
    id: string,
    { reason }: DeadLetterActionRequest,
  ): Promise<Reply> {
    return this.acceptOnce.execute(key, { act, reason }, async (tx) => {
      await demand(tx, act, id);
      await this.change(tx, act, key, { ids: [id], reason, dry_run: false }, `dead_letter:${id}`);
      const letters = await tx.findBy(DeadLetterEntity, { id });
      const [body] = await describeLetters(tx, this.views, letters);
      return { reply: new Reply(200, { Location: `/v1/dead-letters/${id}` }, body), messages: [] };
    });
  }

  /** Throws EmptyFilter, MoreThanExpected or TooManyLetters; then nothing is done. */
  async many(act: Act, key: RequestKey, request: BulkActionRequest): Promise<Reply> {
    const conditions = selectionConditions(request);
    if (request.dry_run) {
      const count = await countLetters(this.dataSource.manager, conditions, from[act]);
      const { expected_count: expected } = request;
      if (expected !== undefined && count > expected) throw new MoreThanExpected(expected, count);
      return new Reply(200, {}, resultOf(act, null, count));
    }
    return this.acceptOnce.execute(key, request, async (tx) => {
      const { operationId, count } = await this.change(tx, act, key, request);
      return { reply: new Reply(200, {}, resultOf(act, operationId, count)), messages: [] };
    });
  }

  private async change(
    tx: EntityManager,
    act: Act,
    { caller }: RequestKey,
    request: BulkActionRequest,
    target?: string,
  ): Promise<{ operationId: string; count: number }> {
    const { filter, ids, reason, expected_count: expectedCount } = request;
    const operationId = v7();
    const count = await changeOf[act](tx, {
      listeners: this.listeners,
      caller,
      operationId,
      reason,
      conditions: selectionConditions(request),
      expectedCount,
    });
    await recordOperation(tx, {
      id: operationId,
      action: `dead_letter.${act}`,
      caller,
      reason,
      count,
      ...(target === undefined ? { selection: { filter, ids } } : { target }),
    });
    return { operationId, count };
  }
}

const from = { discard: 'open', restore: 'discarded' } as const;
const changeOf = { discard: discardLetters, restore: restoreLetters };

/** Locks it, so that it is still so when it is done. */
async function demand(tx: EntityManager, act: Act, id: string): Promise<void> {
  const letter = await tx.findOne(DeadLetterEntity, {
    select: { id: true, state: true },
    where: { id },
    lock: { mode: 'pessimistic_write' },
  });
  if (!letter) throw new NotFound('dead letter', id);
  if (letter.state !== from[act]) throw new InvalidState(letter.state, act);
}

function resultOf(act: Act, operationId: string | null, count: number): BulkActionResult {
  return {
    object: 'bulk_action',
    operation_id: operationId,
    action: act,
    dry_run: operationId === null,
    count,
  };
}
