import type { Check } from '../facts.js';
import { duration } from '../words.js';

/** Somebody watches a replay that has just begun. */
const tellAfterMs = 5 * 60_000;

/** Replays that have stopped by themselves and that nobody has resumed or aborted. */
export const replayPaused: Check = ({ replays, now }) =>
  replays.flatMap(({ id, incident, code, detail, pausedAt }) => {
    const pausedMs = now.getTime() - pausedAt.getTime();
    if (pausedMs < tellAfterMs) return [];
    return [
      {
        code: 'replay_paused' as const,
        severity: 'warning' as const,
        subject: `replay:${id}`,
        detail: `The replay “${incident}” has paused by itself ${duration(pausedMs)} ago: ${detail} (${code})`,
        remedy:
          'Look at those that failed again; resume it when the cause is gone, or abort it: what was not published is open again then.',
      },
    ];
  });
