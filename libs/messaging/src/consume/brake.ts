import type { BrakeReport } from '@offload/contracts';
import { failureFingerprint } from '@offload/platform';

export interface BrakeSettings {
  /** Failures in a row, all alike, that put it on. (Default: 10) */
  failures: number;
  /** Between two probes at first, in milliseconds; doubles with every probe that fails. (Default: 1000) */
  firstPauseMs: number;
  /** (Default: 60 000) */
  longestPauseMs: number;
  /** How long after it was put on tries that fail alike are not counted, in milliseconds. (Default: 3 600 000) */
  uncountedForMs: number;
}

export const defaultBrakeSettings: BrakeSettings = {
  failures: 10,
  firstPauseMs: 1_000,
  longestPauseMs: 60_000,
  uncountedForMs: 3_600_000,
};

/** A delivery that is let through to see whether things work again. */
export interface Probe {
  number: number;
  /** Its try does not count if it fails alike, so it is nobody's last one. */
  isSpared: boolean;
}

/** What the end of a try says about all the other messages of its queue. */
export type TryEnd =
  | { says: 'works' }
  /** A duplicate, a message that is wrong in itself: the others may do better or worse. */
  | { says: 'nothing' }
  | { says: 'fails'; messageId: string | undefined; failure: Failure };

export interface Failure {
  class: string;
  code: string;
  message: string;
}

/** Kinds of failure that are counted side by side; an outage shows one or two of them. */
const mostKinds = 20;

/**
 * Tells an outage from bad messages, for one consumer. (Guarantee 8: an outage does not become a
 * thousand dead letters.)
 *
 * 1. It counts failures by fingerprint from the last success on. Failures of another kind in between do
 *    not begin the count anew: as long as nothing succeeds, all of them are in a row.
 * 2. So many of one fingerprint put it on, if they come from half as many different messages: one bad
 *    message that is tried ten times is no outage.
 * 3. While it is on, one probe at a time goes through, after a pause. A probe that fails with a
 *    fingerprint of the brake doubles the pause; one that fails otherwise is followed after the same
 *    pause, and one that says nothing at once. A probe that does not end is not waited for for ever: past
 *    its deadline another may go, and its own end, if it comes, is that of any try.
 * 4. A try that fails with a fingerprint of the brake does not count, also when it was running already:
 *    an outage is not the message's fault. Any other failure counts as ever, and if it comes in a row
 *    often enough, it is one of the brake's: an outage changes its face.
 * 5. Only for so long: five bad messages alone in a quiet queue look like an outage, and without a bound
 *    they would never end. Later each probe is a try like any other; the pauses go on.
 * 6. Any success lets it go and forgets every count.
 *
 * Pure but for the given clock and random number. It keeps nothing outside the process, so it works
 * while the database is away.
 */
export class Brake {
  private readonly streaks = new Map<string, Streak>();
  private on: Engaged | undefined;
  private probes = 0;

  constructor(
    private readonly settings: BrakeSettings,
    private readonly now: () => number,
    private readonly random: () => number,
  ) {}

  get isOn(): boolean {
    return this.on !== undefined;
  }

  /** What operators and users are shown while it is on. */
  get report(): BrakeReport | undefined {
    if (!this.on) return undefined;
    const { since, failures, failure, nextProbeAt } = this.on;
    return {
      since: new Date(since).toISOString(),
      failures,
      ...failure,
      nextProbeAt: new Date(nextProbeAt).toISOString(),
    };
  }

  /** The pause between two probes at this time, in milliseconds. */
  get pauseMs(): number {
    return this.on?.pauseMs ?? this.settings.firstPauseMs;
  }

  /**
   * When a probe may go, in milliseconds since 1970: while one is out, when that one is given up.
   * Infinity when none is needed.
   */
  get probeDueAt(): number {
    return this.on ? (this.on.probe?.givenUpAt ?? this.on.nextProbeAt) : Infinity;
  }

  /** Answers that by which the end of this probe is known again. */
  beginProbe(): Probe {
    if (!this.on) throw new Error('A brake that is off needs no probe.');
    this.probes += 1;
    this.on.probe = { number: this.probes, givenUpAt: this.now() + this.longestProbeMs };
    return { number: this.probes, isSpared: this.sparesTries };
  }

  /** Takes note of how a try has ended. Answers whether it counts as one. */
  end(end: TryEnd, probe: Probe | undefined): boolean {
    if (end.says === 'works') {
      this.streaks.clear();
      this.on = undefined;
      return true;
    }
    const isProbe = probe !== undefined && this.on?.probe?.number === probe.number;
    const isOutage = end.says === 'fails' && this.isOneOfMany(end);
    if (isProbe && this.on) this.pauseAfterProbe(this.on, end.says, isOutage);
    if (!isOutage) return true;
    // What a probe was told at its begin holds at its end: its handler may have acted on it.
    return probe ? !probe.isSpared : !this.sparesTries;
  }

  private get sparesTries(): boolean {
    return this.on !== undefined && this.now() - this.on.since < this.settings.uncountedForMs;
  }

  /** Ample for any handler that does come back. */
  private get longestProbeMs(): number {
    return Math.max(120_000, 2 * this.settings.longestPauseMs);
  }

  private isOneOfMany({ messageId, failure }: Extract<TryEnd, { says: 'fails' }>): boolean {
    const { failures } = this.settings;
    const messagesNeeded = Math.ceil(failures / 2);
    const streak = this.streakOf(failureFingerprint(failure));
    streak.failures += 1;
    if (streak.messages.size < messagesNeeded) streak.messages.add(messageId);
    const isOutage = streak.failures >= failures && streak.messages.size >= messagesNeeded;
    if (isOutage) this.engage(failure, streak.failures);
    return isOutage;
  }

  /** The one that was met longest ago makes room, so an outage is not forgotten over its side effects. */
  private streakOf(fingerprint: string): Streak {
    const streak = this.streaks.get(fingerprint) ?? { failures: 0, messages: new Set() };
    this.streaks.delete(fingerprint);
    this.streaks.set(fingerprint, streak);
    const [oldest] = this.streaks.keys();
    if (oldest !== undefined && this.streaks.size > mostKinds) this.streaks.delete(oldest);
    return streak;
  }

  private engage(failure: Failure, failures: number): void {
    if (this.on) {
      this.on.failures += 1;
      this.on.failure = failure;
      return;
    }
    const { firstPauseMs } = this.settings;
    const now = this.now();
    this.on = {
      since: now,
      failures,
      failure,
      pauseMs: firstPauseMs,
      nextProbeAt: now + this.spread(firstPauseMs),
      probe: undefined,
    };
  }

  private pauseAfterProbe(on: Engaged, says: TryEnd['says'], isOutage: boolean): void {
    if (isOutage) on.pauseMs = Math.min(this.settings.longestPauseMs, on.pauseMs * 2);
    on.nextProbeAt = this.now() + (says === 'nothing' ? 0 : this.spread(on.pauseMs));
    on.probe = undefined;
  }

  /** Up to a fifth more or less, so that the processes of a service do not probe in step. */
  private spread(pauseMs: number): number {
    return Math.round(pauseMs * (0.8 + 0.4 * this.random()));
  }
}

interface Streak {
  failures: number;
  /** Only as many as are needed to tell that they are many. */
  messages: Set<string | undefined>;
}

interface Engaged {
  since: number;
  failures: number;
  failure: Failure;
  pauseMs: number;
  nextProbeAt: number;
  /** The probe that is out. */
  probe: { number: number; givenUpAt: number } | undefined;
}
