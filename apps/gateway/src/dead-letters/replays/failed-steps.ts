import { describeError } from '@offload/platform';
import { isDatabaseAway } from '../../database/is-database-away.js';

/** So many in a row say that the next one will fail as well. */
export const mostFailedSteps = 5;

const shortestRestMs = 1000;
const longestRestMs = 60_000;

/**
 * Counts, in this process, the steps of each replay that failed in a row.
 *
 * What the database cannot help (it is away, it is full, another transaction was in the way) says nothing
 * about the replay and is not counted. A replay that still fails when it should have been paused is tried
 * less and less often.
 */
export class FailedSteps {
  private readonly known = new Map<string, { failures: number; restsUntil: number }>();

  constructor(private readonly clock: () => number = Date.now) {}

  mayTry(replayId: string): boolean {
    return this.clock() >= (this.known.get(replayId)?.restsUntil ?? 0);
  }

  /** Answers how many failed in a row by this; 0 for one that is not counted. */
  add(replayId: string, thrown: unknown): number {
    if (isOfTheMoment(thrown)) return 0;
    const failures = (this.known.get(replayId)?.failures ?? 0) + 1;
    const beyond = failures - mostFailedSteps;
    const restMs = beyond < 0 ? 0 : Math.min(shortestRestMs * 2 ** beyond, longestRestMs);
    this.known.set(replayId, { failures, restsUntil: restMs === 0 ? 0 : this.clock() + restMs });
    return failures;
  }

  /** A step went well, or the replay was paused. */
  forget(replayId: string): void {
    this.known.delete(replayId);
  }
}

/** Also a connection that broke in the middle, and a server that only reads because it has changed its part. */
function isOfTheMoment(thrown: unknown): boolean {
  const { code, message } = describeError(thrown);
  return (
    isDatabaseAway(thrown) ||
    /^(ECONNRESET|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/.test(code) ||
    /^(Query read timeout|Client has encountered a connection error)/.test(message) ||
    takesTurns.test(code)
  );
}

/** SQLSTATE: rolled back for the sake of another, no resources, read only, locked by another. */
const takesTurns = /^(40...|53...|25006|55P03)$/;
