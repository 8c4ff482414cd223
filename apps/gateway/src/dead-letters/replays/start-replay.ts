import {
  defaultPace,
  type DeadLetterSelection,
  type PaceChange,
  type ReplaySelection,
} from '@offload/contracts/http';
import type { EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import type { Caller } from '../../access/caller.js';
import { recordOperation } from '../../audit/record-operation.js';
import { Reply } from '../../http/reply.js';
import { mostLetters } from '../change-letters.js';
import { MoreThanExpected, TooManyLetters } from '../dead-letters.errors.js';
import type { SubjectListeners } from '../subjects.js';
import { changePace } from './change-pace.js';
import { claimLetters, countItems, noteMissing } from './claim-letters.js';
import type { Candidates } from './letters-to-replay.js';
import { replayResource } from './replay-resource.js';
import { ReplayEntity } from './replay.entity.js';
import { tellSubjectsOf } from './tell-subjects-of.js';

export interface ReplayPlan {
  caller: Caller;
  listeners: SubjectListeners;
  /** How long handled messages are remembered; null where an edited copy goes out. */
  inboxDays: number | null;
  incident: string;
  reason: string;
  pace: PaceChange | undefined;
  candidates: Candidates;
  /** Given one by one: each of them is answered for. */
  ids?: readonly string[] | undefined;
  /** At most so many are put back, or nothing is done. */
  expectedCount?: number | undefined;
  /** As the replay shows it, and as the audit keeps it. */
  selection: ReplaySelection;
  asked: DeadLetterSelection | ReplaySelection;
  isEdited?: boolean;
  /** (Default: replay.start) */
  action?: string;
  details?: Record<string, unknown>;
}

/**
 * Makes a replay, freezes its messages and notes it in the audit; the runner does the rest. It may have
 * claimed nothing: whoever calls this decides what that means.
 *
 * Must run in a transaction. Throws MoreThanExpected or TooManyLetters, after which nothing is changed.
 */
export async function startReplay(tx: EntityManager, plan: ReplayPlan): Promise<ReplayEntity> {
  await refuseTooMany(tx, plan.candidates);
  const replay = aReplay(plan);
  await tx.insert(ReplayEntity, replay);
  await claimLetters(tx, {
    replayId: replay.id,
    candidates: plan.candidates,
    canary: replay.pace.canary,
    inboxDays: plan.inboxDays,
  });
  if (plan.ids) await noteMissing(tx, replay.id, plan.ids);

  const { claimed, skipped, queues } = await countItems(tx, replay.id);
  refuseMore(claimed, plan.expectedCount);
  Object.assign(replay, { claimed, skipped, total: claimed + skipped, queues });
  await tx.update(
    ReplayEntity,
    { id: replay.id },
    { claimed, skipped, total: replay.total, queues },
  );
  await recordOperation(tx, {
    id: replay.id,
    action: plan.action ?? 'replay.start',
    caller: plan.caller,
    target: `replay:${replay.id}`,
    incident: plan.incident,
    reason: plan.reason,
    selection: plan.asked,
    count: claimed,
    details: { pace: replay.pace, skipped, ...plan.details },
  });
  await tellSubjectsOf(tx, plan.listeners, {
    sql: `letter.id in (select dead_letter_id from replay_item
                         where replay_id = $1 and state = 'claimed')`,
    parameters: [replay.id],
  });
  return replay;
}

/** The answer to whoever has started it. */
export function startedReply(replay: ReplayEntity): Reply {
  const resource = replayResource(replay);
  return new Reply(
    202,
    { Location: resource.links.self, Link: `<${resource.links.events}>; rel="monitor"` },
    resource,
  );
}

/** Counts before anything is locked or written: more than that need not be tried. */
async function refuseTooMany(tx: EntityManager, candidates: Candidates): Promise<void> {
  const [row]: { count: string }[] = await tx.query(
    `select count(*) from (select 1 from dead_letter letter
                            where letter.state = 'open' and (${candidates.sql})
                            limit ${mostLetters + 1}) as open_letter`,
    candidates.parameters,
  );
  if (Number(row?.count ?? 0) > mostLetters) throw new TooManyLetters(mostLetters);
}

/** What is frozen counts: between a look and the freeze others fail. */
function refuseMore(claimed: number, expectedCount: number | undefined): void {
  if (claimed > mostLetters) throw new TooManyLetters(mostLetters);
  if (expectedCount !== undefined && claimed > expectedCount)
    throw new MoreThanExpected(expectedCount, claimed);
}

function aReplay(plan: ReplayPlan): ReplayEntity {
  const now = new Date();
  const pace = changePace(defaultPace, plan.pace);
  return Object.assign(new ReplayEntity(), {
    id: v7(),
    tenantId: plan.caller.tenantId,
    keyId: plan.caller.keyId,
    incident: plan.incident,
    reason: plan.reason,
    selection: plan.selection,
    isEdited: plan.isEdited ?? false,
    state: 'running' as const,
    stage: 'canary' as const,
    pace,
    queues: [],
    total: 0,
    claimed: 0,
    published: 0,
    succeeded: 0,
    failedAgain: 0,
    expired: 0,
    skipped: 0,
    batch: 1,
    batchSize: pace.canary,
    batchPublished: 0,
    batchKnown: 0,
    firstBatch: 1,
    recent: '',
    tokens: 1,
    tokensAt: now,
    pause: null,
    waiting: null,
    createdAt: now,
    startedAt: now,
    changedAt: now,
    toldAt: now,
    finishedAt: null,
  });
}
