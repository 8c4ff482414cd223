import type { ReplayCounts, ReplayProgress, ReplayResource } from '@offload/contracts/http';
import type { ReplayEntity } from './replay.entity.js';

/** How far it has come: what is told while it runs. */
export function replayProgress(replay: ReplayEntity): ReplayProgress {
  const counts = countsOf(replay);
  return {
    id: replay.id,
    object: 'replay',
    state: replay.state,
    stage: replay.stage,
    counts,
    percent: percentOf(counts),
    pause: replay.pause,
    waiting: replay.waiting,
    finished_at: replay.finishedAt?.toISOString() ?? null,
  };
}

export function replayResource(replay: ReplayEntity): ReplayResource {
  return {
    ...replayProgress(replay),
    incident: replay.incident,
    reason: replay.reason,
    key_id: replay.keyId,
    selection: replay.selection,
    edited: replay.isEdited,
    pace: replay.pace,
    created_at: replay.createdAt.toISOString(),
    links: {
      self: `/v1/replays/${replay.id}`,
      items: `/v1/replays/${replay.id}/items`,
      events: `/v1/events?topics=replay:${replay.id}`,
    },
  };
}

export function countsOf(replay: ReplayEntity): ReplayCounts {
  const { total, claimed, published, succeeded, failedAgain, expired, skipped } = replay;
  return { total, claimed, published, succeeded, failed_again: failedAgain, expired, skipped };
}

/** Not 100 before the last outcome is known. */
function percentOf({ total, claimed, published }: ReplayCounts): number {
  return total === 0 ? 100 : Math.floor((100 * (total - claimed - published)) / total);
}
