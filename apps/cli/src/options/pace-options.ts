import type { ReplayPace } from '@offload/contracts/http';
import type { Command } from 'commander';
import { positiveNumber, share, wholeNumber } from './parse-number.js';
import { parseSpan } from './parse-moment.js';

export interface PaceOptions {
  canary?: number;
  rate?: number;
  inFlight?: number;
  maxFailed?: number;
  window?: number;
  maxBacklogAge?: number;
  outcomeTimeout?: number;
}

/** How carefully a replay goes; what is left out is the API's to choose, or stays as it is. */
export function addPaceOptions(command: Command): Command {
  return command
    .option('--canary <n>', 'messages in the first stage', wholeNumber(1))
    .option('--rate <n>', 'messages a second at most', positiveNumber)
    .option('--in-flight <n>', 'on their way at once, at most', wholeNumber(1))
    .option('--max-failed <share>', 'pause above this share of failures: 0.2 or 20%', share)
    .option('--window <n>', 'count that share over the last so many outcomes', wholeNumber(5))
    .option('--max-backlog-age <span>', 'pause when live messages wait longer: 60s', parseSpan)
    .option('--outcome-timeout <span>', 'expired when nothing is heard for: 2h', parseSpan);
}

/** The pace as the API takes it; undefined when no option was given. */
export function paceOf(options: PaceOptions): Partial<ReplayPace> | undefined {
  const { canary, rate, inFlight, maxFailed, window, maxBacklogAge, outcomeTimeout } = options;
  const pace: Partial<ReplayPace> = {
    ...(canary !== undefined && { canary }),
    ...(rate !== undefined && { rate_per_s: rate }),
    ...(inFlight !== undefined && { max_in_flight: inFlight }),
    ...(maxFailed !== undefined && { max_failed_ratio: maxFailed }),
    ...(window !== undefined && { window }),
    ...(maxBacklogAge !== undefined && { max_backlog_age_s: maxBacklogAge }),
    ...(outcomeTimeout !== undefined && { outcome_timeout_s: outcomeTimeout }),
  };
  return Object.keys(pace).length === 0 ? undefined : pace;
}
