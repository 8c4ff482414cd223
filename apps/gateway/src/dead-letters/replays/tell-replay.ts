import type { EntityManager } from 'typeorm';
import { recordEvent } from '../../events/record-event.js';
import { replayProgress } from './replay-resource.js';
import type { ReplayEntity } from './replay.entity.js';

export type ReplayNews = 'replay-resumed' | 'replay-paused' | 'replay-progressed';

/** Progress is told so often at most, in milliseconds. */
const everyMs = 250;

/**
 * Tells those who follow the replay how it stands, if that has changed since they were told: a pause and
 * the end at once, progress at most four times a second. Must run in the transaction of the change.
 */
export async function tellReplay(
  tx: EntityManager,
  replay: ReplayEntity,
  now: Date,
  news: ReplayNews = replay.state === 'paused' && isNews(replay)
    ? 'replay-paused'
    : 'replay-progressed',
): Promise<void> {
  const hasEnded = replay.finishedAt?.getTime() === now.getTime();
  // What is heard after the end changes the numbers that GET shows, and the topic stays ended.
  if (replay.finishedAt && !hasEnded) return;
  const isDue =
    replay.changedAt > replay.toldAt && now.getTime() - replay.toldAt.getTime() >= everyMs;
  if (!hasEnded && !isDue && news === 'replay-progressed') return;
  replay.toldAt = now;
  await recordEvent(tx, {
    tenantId: replay.tenantId,
    topic: `replay:${replay.id}`,
    type: hasEnded ? `replay-${replay.state}` : news,
    data: replayProgress(replay),
    endsTopic: hasEnded,
  });
}

/** It was paused in this very step. */
function isNews({ pause, changedAt }: ReplayEntity): boolean {
  return pause !== null && Date.parse(pause.at) === changedAt.getTime();
}
