import type { EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import { recordOperation } from '../../audit/record-operation.js';
import type { SubjectListeners } from '../subjects.js';
import { expireItems } from './expire-items.js';
import { nextStep, type Publication } from './next-step.js';
import { pauseByItself } from './pause-by-itself.js';
import { publishItems } from './publish-items.js';
import type { QueueHealth, ReadQueueHealth } from './queue-health.js';
import { releaseItems } from './release-items.js';
import { countsOf, replayProgress } from './replay-resource.js';
import { ReplayEntity } from './replay.entity.js';
import { type ItemOutcome, takeOutcome } from './take-outcome.js';
import { tellReplay } from './tell-replay.js';
import { tellSubjectsOf } from './tell-subjects-of.js';

export interface StepTools {
  listeners: SubjectListeners;
  readHealth: ReadQueueHealth;
}

export interface StepResult {
  /** Something waits in the outbox. */
  hasPublished: boolean;
  /** There is more to do at once. */
  isMore: boolean;
  /** What has become of messages, of which the replay did not know before. */
  settled: readonly ItemOutcome['state'][];
}

/** Outcomes that one step counts in. */
const mostOutcomes = 5000;

/**
 * One step of a replay, in one transaction:
 *
 * 1. hold the row; another replica that has it is doing this step.
 * 2. count in the outcomes that have come since.
 * 3. give up waiting for what has been on its way too long. That is a step by itself: the things which
 *    those are about are told last, and no dead letter is locked after that.
 * 4. decide (next-step.ts): publish, pause, open again what was aborted, end, or rest.
 * 5. tell those who follow it, four times a second at most, and store the row.
 *
 * Everything is in the database: a process that dies in the middle has done nothing, and after the
 * commit another one goes on. Answers undefined when another replica has the replay.
 */
export async function stepReplay(
  tx: EntityManager,
  id: string,
  tools: StepTools,
): Promise<StepResult | undefined> {
  const replay = await tx.findOne(ReplayEntity, {
    where: { id },
    lock: { mode: 'pessimistic_write', onLocked: 'skip_locked' },
  });
  if (!replay) return undefined;
  const now = new Date();
  const before = { row: JSON.stringify(replay), progress: JSON.stringify(replayProgress(replay)) };

  const outcomes = await countOutcomes(tx, replay);
  const expired = await expireItems(tx, replay);
  const done = expired.length > 0 ? opened(expired) : await act(tx, replay, now, tools);

  if (JSON.stringify(replayProgress(replay)) !== before.progress) replay.changedAt = now;
  await tellReplay(tx, replay, now);
  if (JSON.stringify(replay) !== before.row) await tx.update(ReplayEntity, { id }, replay);
  if (done.opened.length > 0) {
    const conditions = { sql: 'letter.id = any($1::uuid[])', parameters: [done.opened] };
    await tellSubjectsOf(tx, tools.listeners, conditions);
  }
  return {
    hasPublished: done.hasPublished,
    isMore: done.isMore || outcomes.length === mostOutcomes,
    settled: [...outcomes.map(({ state }) => state), ...expired.map(() => 'expired' as const)],
  };
}

interface Done extends Omit<StepResult, 'settled'> {
  /** Dead letters that wait for somebody again. */
  opened: string[];
}

const nothing: Done = { hasPublished: false, isMore: false, opened: [] };

function opened(letters: string[]): Done {
  return { ...nothing, isMore: true, opened: letters };
}

async function countOutcomes(tx: EntityManager, replay: ReplayEntity): Promise<ItemOutcome[]> {
  const outcomes: ItemOutcome[] = await tx.query(
    `with counted as (
       delete from replay_outcome where id in (
         select id from replay_outcome where replay_id = $1 order by id limit ${mostOutcomes})
       returning id, batch, was, state)
     select batch, was, state from counted order by id`,
    [replay.id],
  );
  for (const outcome of outcomes) takeOutcome(replay, outcome);
  return outcomes;
}

async function act(
  tx: EntityManager,
  replay: ReplayEntity,
  now: Date,
  { readHealth }: StepTools,
): Promise<Done> {
  if (replay.finishedAt) return nothing;
  const queues = replay.state === 'running' ? await readQueues(tx, replay, readHealth) : [];
  const step = nextStep(replay, queues, now);
  switch (step.kind) {
    case 'publish':
      return publish(tx, replay, step, now);
    case 'pause':
      await pauseByItself(tx, replay, step, now);
      break;
    case 'release':
      return opened(await releaseItems(tx, replay));
    case 'end':
      await end(tx, replay, now);
      break;
    case 'rest':
      break;
  }
  return nothing;
}

/** How those queues stand for which something is claimed. */
async function readQueues(
  tx: EntityManager,
  { id, queues }: ReplayEntity,
  readHealth: ReadQueueHealth,
): Promise<QueueHealth[]> {
  const rows: { queue: string }[] = await tx.query(
    `select queue from unnest($2::text[]) as target (queue)
      where exists (select 1 from replay_item item where item.replay_id = $1
                       and item.state = 'claimed' and item.queue = target.queue)`,
    [id, queues],
  );
  const named = rows.map(({ queue }) => queue).filter((queue) => queue !== '');
  const known = named.length === 0 ? [] : await readHealth(tx, named);
  // Of what goes to an exchange nobody can say whom it reaches.
  return named.length === rows.length ? known : [...known, unrouted];
}

const unrouted: QueueHealth = { queue: '', hasConsumer: null, liveWaitS: null, brake: null };

async function publish(
  tx: EntityManager,
  replay: ReplayEntity,
  step: Publication,
  now: Date,
): Promise<Done> {
  replay.stage = step.stage;
  replay.waiting = step.waiting;
  if (step.nextBatch !== undefined) replay.startBatch(step.nextBatch);
  if (step.count === 0) return nothing;
  const published = await publishItems(tx, replay, step.queues, step.count);
  replay.tokens = step.tokens - published;
  replay.tokensAt = now;
  return { hasPublished: published > 0, isMore: false, opened: [] };
}

async function end(tx: EntityManager, replay: ReplayEntity, now: Date): Promise<void> {
  const isAborted = replay.state === 'aborted';
  replay.state = isAborted ? 'aborted' : 'completed';
  replay.pause = null;
  replay.waiting = null;
  replay.finishedAt = now;
  await recordOperation(tx, {
    id: v7(),
    action: 'replay.end',
    caller: undefined,
    target: `replay:${replay.id}`,
    incident: replay.incident,
    count: replay.succeeded,
    details: { ...countsOf(replay) },
  });
}
