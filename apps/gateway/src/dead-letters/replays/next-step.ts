import type { ReplayPace, ReplayPause, ReplayStage, ReplayState } from '@offload/contracts/http';
import { tooManyFailures } from './failure-rule.js';
import type { QueueHealth } from './queue-health.js';

/** What the next step of a replay depends on, and nothing else. */
export interface ReplayFacts {
  state: ReplayState;
  stage: ReplayStage;
  pace: ReplayPace;
  /** Frozen in it and not put back yet. */
  claimed: number;
  /** On their way. */
  published: number;
  batchSize: number;
  batchPublished: number;
  /** Messages of the batch whose outcome is known. */
  batchKnown: number;
  /** The latest outcomes since it was started or resumed, oldest first: s or f. */
  recent: string;
  tokens: number;
  tokensAt: Date;
  /** Or resumed. */
  startedAt: Date;
  /** The first batch since it was started or resumed; the very first is 1. */
  firstBatch: number;
}

export type Step =
  /** Nothing is claimed and nothing is on its way. */
  | { kind: 'end' }
  /** It was aborted: what is claimed is opened again. */
  | { kind: 'release' }
  /** Paused, or aborted with something on its way: only outcomes are counted. */
  | { kind: 'rest' }
  | { kind: 'pause'; code: ReplayPause['code']; detail: string }
  | Publication;

export interface Publication {
  kind: 'publish';
  /** How many at most, and into which queues. */
  count: number;
  queues: string[];
  stage: ReplayStage;
  /** The size of the batch that begins with this step; undefined while the one at hand goes on. */
  nextBatch: number | undefined;
  tokens: number;
  /** What it waits for when the count is zero. */
  waiting: string | null;
}

/**
 * What a replay does next, as those queues stand for which something is claimed.
 *
 * Canary: a few messages, and the outcome of every one is awaited. Ramp: each batch is twice the one
 * before, and begins when all but a tenth of that have their outcome; one at least is not waited for,
 * so that a single message in a long retry does not hold the others up. Steady, as soon as a batch
 * would be as large as what may be on its way: only the rate and the limit in flight hold.
 *
 * It pauses by itself when the failure rule says so or when live messages of a target queue wait too
 * long, and waits, without a pause, for a queue that is braked or that nobody consumes.
 */
export function nextStep(facts: ReplayFacts, queues: readonly QueueHealth[], now: Date): Step {
  const { state, claimed, published } = facts;
  if (claimed === 0 && published === 0) return { kind: 'end' };
  if (state === 'aborted' && claimed > 0) return { kind: 'release' };
  if (state !== 'running') return { kind: 'rest' };

  const failures = tooManyFailures(facts);
  if (failures) return { kind: 'pause', code: 'too_many_failures', detail: failures };
  const backlog = liveBacklog(facts, queues);
  if (backlog && !isForgiven(facts, now))
    return { kind: 'pause', code: 'live_backlog', detail: backlog };
  return publication(facts, queues, now, backlog);
}

/** Publishing what is in the outbox of one transaction must not take a gateway's memory. */
const largestStep = 1000;

function publication(
  facts: ReplayFacts,
  queues: readonly QueueHealth[],
  now: Date,
  backlog: string | undefined,
): Publication {
  const { pace, claimed, published } = facts;
  const next = backlog === undefined ? nextBatch(facts) : undefined;
  const stage = next?.stage ?? facts.stage;
  const tokens = refilled(facts, now);
  const open = queues.filter((queue) => blockOf(queue) === undefined);
  const ofBatch = next?.size ?? facts.batchSize - facts.batchPublished;
  const room = Math.min(
    stage === 'steady' ? claimed : Math.max(0, ofBatch),
    pace.max_in_flight - published,
    claimed,
    largestStep,
  );
  const count = open.length === 0 ? 0 : Math.max(0, Math.floor(Math.min(room, tokens)));
  return {
    kind: 'publish',
    count,
    queues: open.map(({ queue }) => queue),
    stage,
    nextBatch: next?.size,
    tokens,
    waiting: count > 0 ? null : waitingFor(facts, queues, { stage, room, ofBatch, backlog }),
  };
}

/** The batch that may begin; undefined while that at hand has not come far enough. */
function nextBatch({
  stage,
  pace,
  batchSize,
  batchPublished,
  batchKnown,
}: ReplayFacts): { stage: ReplayStage; size: number } | undefined {
  const awaited = batchPublished - batchKnown;
  const mayBeLate = stage === 'canary' ? 0 : Math.max(1, Math.floor(batchSize / 10));
  if (stage === 'steady' || batchPublished < batchSize || awaited > mayBeLate) return undefined;
  const size = Math.min(batchSize * 2, pace.max_in_flight);
  return { stage: size >= pace.max_in_flight ? 'steady' : 'ramp', size };
}

/** A token for each message that the rate allows; what half a second did not use is lost. */
function refilled({ tokens, tokensAt, pace }: ReplayFacts, now: Date): number {
  const elapsedS = Math.max(0, now.getTime() - tokensAt.getTime()) / 1000;
  return Math.min(tokens + elapsedS * pace.rate_per_s, Math.max(1, pace.rate_per_s / 2));
}

function liveBacklog({ pace }: ReplayFacts, queues: readonly QueueHealth[]): string | undefined {
  const late = queues.find(({ liveWaitS }) => (liveWaitS ?? 0) > pace.max_backlog_age_s);
  return (
    late &&
    `Live messages of ${late.queue} have waited ${Math.round(late.liveWaitS ?? 0)} s; at most ` +
      `${pace.max_backlog_age_s} s are allowed.`
  );
}

/** How far back the wait of live messages is measured. */
const measuredOverMs = 60_000;

/**
 * Who resumes has seen the backlog, and what was measured before says nothing of now: for a minute the
 * first small batch may go out, and nothing more.
 */
function isForgiven({ firstBatch, startedAt }: ReplayFacts, now: Date): boolean {
  return firstBatch > 1 && now.getTime() - startedAt.getTime() < measuredOverMs;
}

/** Why nothing is put into the queue at the moment. */
function blockOf({ queue, brake, hasConsumer }: QueueHealth): string | undefined {
  if (brake) return `The queue ${queue} is braked: ${brake.detail}`;
  return hasConsumer === false ? `Nobody consumes the queue ${queue}.` : undefined;
}

interface Situation {
  stage: ReplayStage;
  room: number;
  ofBatch: number;
  backlog: string | undefined;
}

function waitingFor(
  { claimed, published, pace, batchKnown, batchPublished }: ReplayFacts,
  queues: readonly QueueHealth[],
  { stage, room, ofBatch, backlog }: Situation,
): string | null {
  if (claimed === 0) return `Everything is put back; ${published} outcomes are awaited.`;
  const blocks = queues.map(blockOf).filter((block) => block !== undefined);
  if (blocks.length === queues.length && blocks[0]) return blocks[0];
  if (room > 0) {
    const everyS = 1 / pace.rate_per_s;
    return everyS > 1 ? `The rate allows one message every ${Math.round(everyS)} s.` : null;
  }
  if (stage !== 'steady' && ofBatch <= 0) {
    if (backlog && batchPublished === batchKnown) return backlog;
    return `The outcomes of the ${stage === 'canary' ? 'canary' : 'batch'} are awaited: ${batchKnown} of ${batchPublished} are known.`;
  }
  return `${published} messages are on their way, as many as may be.`;
}
