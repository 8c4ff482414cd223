import type { ReplayCounts, ReplayResource } from '@offload/contracts/http';

type Given = Partial<Omit<ReplayResource, 'counts'>> & { counts?: Partial<ReplayCounts> };

/** A replay that runs; say what matters. */
export function aReplay({ counts, ...given }: Given): ReplayResource {
  const id = given.id ?? '01980000-0000-7000-8000-000000000001';
  return {
    id,
    object: 'replay',
    state: 'running',
    stage: 'canary',
    incident: 'mail relay down',
    reason: 'it answers again',
    key_id: '01980000-0000-7000-8000-000000000002',
    selection: { filter: { queue: 'notifier.send-email' } },
    edited: false,
    pace: {
      canary: 10,
      rate_per_s: 100,
      max_in_flight: 500,
      max_failed_ratio: 0.2,
      window: 50,
      max_backlog_age_s: 60,
      outcome_timeout_s: 7200,
    },
    counts: {
      total: 0,
      claimed: 0,
      published: 0,
      succeeded: 0,
      failed_again: 0,
      expired: 0,
      skipped: 0,
      ...counts,
    },
    percent: 0,
    pause: null,
    waiting: null,
    created_at: '2026-11-22T11:59:00Z',
    finished_at: null,
    links: { self: `/v1/replays/${id}`, items: '', events: '' },
    ...given,
  };
}
