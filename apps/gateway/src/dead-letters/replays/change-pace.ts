import { type PaceChange, ReplayPace } from '@offload/contracts/http';

/** The pace with those members that are given. */
export function changePace(pace: ReplayPace, change: PaceChange = {}): ReplayPace {
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  return ReplayPace.parse({ ...pace, ...Object.fromEntries(given) });
}
