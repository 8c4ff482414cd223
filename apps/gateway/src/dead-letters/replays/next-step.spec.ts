import { defaultPace } from '@offload/contracts/http';
import { nextStep, type Publication, type ReplayFacts, type Step } from './next-step.js';
import type { QueueHealth } from './queue-health.js';
import { takeOutcome } from './take-outcome.js';

const now = new Date('2026-01-01T00:10:00Z');

describe(nextStep, () => {
  it('puts the canary back, as far as the rate allows', () => {
    const facts = aReplay({ pace: { ...defaultPace, rate_per_s: 4 }, tokens: 0, tokensAt: ago(1) });

    expect(publication(step(facts))).toMatchObject({ count: 2, stage: 'canary', tokens: 2 });
    expect(publication(step({ ...facts, tokensAt: ago(0.25) }))).toMatchObject({ count: 1 });
    expect(publication(step({ ...facts, tokensAt: now }))).toMatchObject({
      count: 0,
      waiting: null,
    });
  });

  it('awaits the outcome of every message of the canary', () => {
    const facts = aReplay({
      batchPublished: 10,
      batchKnown: 9,
      published: 1,
      recent: 's'.repeat(9),
    });

    expect(publication(step(facts))).toMatchObject({
      count: 0,
      stage: 'canary',
      nextBatch: undefined,
      waiting: 'The outcomes of the canary are awaited: 9 of 10 are known.',
    });
  });

  it('doubles the batch after the canary and after each batch', () => {
    const canary = aReplay({ batchPublished: 10, batchKnown: 10, recent: 's'.repeat(10) });
    const ramp = { ...canary, stage: 'ramp' as const, batchSize: 20 };

    expect(publication(step(canary))).toMatchObject({ stage: 'ramp', nextBatch: 20, count: 20 });
    expect(publication(step({ ...ramp, batchPublished: 20, batchKnown: 20 }))).toMatchObject({
      stage: 'ramp',
      nextBatch: 40,
    });
  });

  it('does not let the last tenth of a batch hold the next one up, and never a single message', () => {
    const ramp = aReplay({ stage: 'ramp', batchSize: 40, batchPublished: 40, published: 4 });
    const smallest = aReplay({ stage: 'ramp', batchSize: 2, batchPublished: 2, published: 1 });

    expect(publication(step({ ...ramp, batchKnown: 36 }))).toMatchObject({ nextBatch: 80 });
    expect(publication(step({ ...ramp, batchKnown: 35 }))).toMatchObject({ nextBatch: undefined });
    expect(publication(step({ ...smallest, batchKnown: 1 }))).toMatchObject({ nextBatch: 4 });
  });

  it('is steady when a batch would be as large as what may be on its way', () => {
    const pace = { ...defaultPace, max_in_flight: 35, rate_per_s: 1000 };
    const facts = aReplay({
      stage: 'ramp',
      pace,
      batchSize: 20,
      batchPublished: 20,
      batchKnown: 20,
    });

    expect(publication(step(facts))).toMatchObject({ stage: 'steady', nextBatch: 35, count: 35 });
    expect(publication(step({ ...facts, stage: 'steady', published: 30 }))).toMatchObject({
      count: 5,
    });
    expect(publication(step({ ...facts, stage: 'steady', published: 35 }))).toMatchObject({
      count: 0,
      waiting: '35 messages are on their way, as many as may be.',
    });
  });

  it('pauses when the canary cannot come out well any more', () => {
    const facts = aReplay({ batchPublished: 10, published: 7, batchKnown: 3, recent: 'fff' });

    expect(step(facts)).toEqual({
      kind: 'pause',
      code: 'too_many_failures',
      detail: '3 of the last 3 outcomes failed again (100 %); at most 20 % are allowed.',
    });
    expect(step({ ...facts, recent: 'ffs' }).kind).toBe('publish');
  });

  it('pauses when live messages of a target queue wait too long, and not for others', () => {
    expect(step(aReplay(), [aQueue({ liveWaitS: 61 })])).toEqual({
      kind: 'pause',
      code: 'live_backlog',
      detail: 'Live messages of ingest.load-chunk have waited 61 s; at most 60 s are allowed.',
    });
    expect(step(aReplay(), [aQueue({ liveWaitS: 60 })]).kind).toBe('publish');
    expect(step(aReplay(), [aQueue({ liveWaitS: null })]).kind).toBe('publish');
  });

  it('lets a small batch go when a person resumes it, although the last minute was bad', () => {
    const resumed = aReplay({ firstBatch: 4, startedAt: ago(30) });
    const done = { ...resumed, batchPublished: 10, batchKnown: 10, recent: 's'.repeat(10) };
    const late = [aQueue({ liveWaitS: 100 })];

    expect(publication(step(resumed, late))).toMatchObject({ count: 10 });
    expect(publication(step(done, late))).toMatchObject({
      count: 0,
      nextBatch: undefined,
      waiting: expect.stringContaining('have waited 100 s'),
    });
    expect(step({ ...done, startedAt: ago(61) }, late).kind).toBe('pause');
  });

  it('waits for a queue that is braked or that nobody consumes, and serves the others', () => {
    const braked = aQueue({ queue: 'a', brake: { detail: 'PostgreSQL is away.', since: '' } });
    const idle = aQueue({ queue: 'b', hasConsumer: false });
    const fine = aQueue({ queue: 'c' });

    expect(publication(step(aReplay(), [braked, fine]))).toMatchObject({
      count: 10,
      queues: ['c'],
      waiting: null,
    });
    expect(publication(step(aReplay(), [braked, idle]))).toMatchObject({
      count: 0,
      waiting: 'The queue a is braked: PostgreSQL is away.',
    });
    expect(publication(step(aReplay(), [idle]))).toMatchObject({
      waiting: 'Nobody consumes the queue b.',
    });
  });

  it('goes on where nothing is known of a queue', () => {
    const unknown = aQueue({ hasConsumer: null, liveWaitS: null });

    expect(publication(step(aReplay(), [unknown]))).toMatchObject({ count: 10 });
  });

  it('ends with the last outcome, also when it is paused or was aborted', () => {
    const states = ['running', 'paused', 'aborted'] as const;
    const done = states.map((state) => step(aReplay({ state, claimed: 0 }), []).kind);

    expect(done).toEqual(['end', 'end', 'end']);
    expect(publication(step(aReplay({ claimed: 0, published: 3 }), []))).toMatchObject({
      count: 0,
      waiting: 'Everything is put back; 3 outcomes are awaited.',
    });
  });

  it('publishes nothing that is paused or aborted', () => {
    expect(step(aReplay({ state: 'paused' }))).toEqual({ kind: 'rest' });
    expect(step(aReplay({ state: 'aborted' }))).toEqual({ kind: 'release' });
    expect(step(aReplay({ state: 'aborted', claimed: 0, published: 2 }))).toEqual({ kind: 'rest' });
  });

  it('comes to its end whatever the outcomes, within its limits at every step', () => {
    const ends = Array.from({ length: 300 }, (_, seed) => play(seed + 1));

    expect(ends.filter(({ faults }) => faults.length > 0)).toEqual([]);
    expect(ends.filter(({ left }) => left !== 0)).toEqual([]);
    expect(ends.filter(({ isGood, resumptions }) => isGood && resumptions > 0)).toEqual([]);
  });
});

interface End {
  seed: number;
  /** What did not hold at a step. */
  faults: string[];
  /** Messages whose outcome is not known at the end, or is known twice. */
  left: number;
  resumptions: number;
  /** Nothing failed in this world. */
  isGood: boolean;
}

/** Plays a whole replay against a random world, in which a person resumes it after each pause. */
function play(seed: number): End {
  const random = randomFrom(seed);
  const upTo = (most: number): number => Math.floor(random() * most);
  const total = 1 + upTo(2000);
  const pace = {
    ...defaultPace,
    canary: 1 + upTo(30),
    rate_per_s: 20 + upTo(2000),
    max_in_flight: 1 + upTo(400),
    window: 5 + upTo(100),
  };
  const badShare = random() < 0.5 ? 0 : random();
  const replay = {
    ...aReplay({ pace, claimed: total, batchSize: pace.canary, tokens: 1, tokensAt: now }),
    batch: 1,
    expired: 0,
    succeeded: 0,
    failedAgain: 0,
  };
  const onTheirWay: number[] = [];
  const faults: string[] = [];
  let at = now;
  let resumptions = 0;
  for (let turn = 0; turn < 100_000; turn += 1) {
    at = new Date(at.getTime() + 250);
    const next = nextStep(replay, [aQueue()], at);
    if (next.kind === 'end') break;
    if (next.kind === 'pause') {
      // Only what goes out after a resumption counts: the same failures never pause it twice.
      if (!replay.recent.includes('f')) faults.push('paused without a failure');
      resumptions += 1;
      replay.batch += 1;
      Object.assign(replay, { stage: 'canary', batchSize: pace.canary, recent: '' });
      Object.assign(replay, { batchPublished: 0, batchKnown: 0, firstBatch: replay.batch });
      continue;
    }
    const { count, stage, nextBatch, tokens } = publication(next);
    if (nextBatch !== undefined) {
      replay.batch += 1;
      Object.assign(replay, { batchSize: nextBatch, batchPublished: 0, batchKnown: 0 });
    }
    replay.stage = stage;
    replay.claimed -= count;
    replay.published += count;
    replay.batchPublished += count;
    replay.tokens = tokens - count;
    replay.tokensAt = at;
    for (let sent = 0; sent < count; sent += 1) onTheirWay.push(replay.batch);
    if (replay.claimed < 0) faults.push('published more than there were');
    if (replay.published > pace.max_in_flight) faults.push('too many on their way');
    if (count > Math.max(1, pace.rate_per_s / 2)) faults.push('too fast');
    if (stage !== 'steady' && replay.batchPublished > replay.batchSize) faults.push('too large');

    const settled = onTheirWay.splice(0, upTo(onTheirWay.length + 2));
    for (const batch of settled) {
      const state = random() < badShare ? 'failed_again' : 'succeeded';
      takeOutcome(replay, { batch, was: 'published', state });
    }
  }
  const left = total - replay.succeeded - replay.failedAgain;
  return { seed, faults, left, resumptions, isGood: badShare === 0 };
}

/** Mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function step(facts: ReplayFacts, queues: QueueHealth[] = [aQueue()]): Step {
  return nextStep(facts, queues, now);
}

function publication(next: Step): Publication {
  if (next.kind !== 'publish') throw new Error(`It wants to ${next.kind}.`);
  return next;
}

function ago(seconds: number): Date {
  return new Date(now.getTime() - seconds * 1000);
}

/** A running replay of a hundred that has published nothing, with tokens for as many as it may. */
function aReplay(fields: Partial<ReplayFacts> = {}): ReplayFacts {
  return {
    state: 'running',
    stage: 'canary',
    pace: defaultPace,
    claimed: 100,
    published: 0,
    batchSize: 10,
    batchPublished: 0,
    batchKnown: 0,
    recent: '',
    tokens: 1000,
    tokensAt: now,
    startedAt: ago(300),
    firstBatch: 1,
    ...fields,
  };
}

function aQueue(fields: Partial<QueueHealth> = {}): QueueHealth {
  return { queue: 'ingest.load-chunk', hasConsumer: true, liveWaitS: 1, brake: null, ...fields };
}
