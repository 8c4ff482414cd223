import { setTimeout as pause } from 'node:timers/promises';
import { Disturbances } from './disturbances.mts';
import { EmailsUnderSoak } from './emails-under-soak.mts';
import { ImportsUnderSoak } from './imports-under-soak.mts';
import type { Soaked } from './soak-stack.mts';
import { StreamsUnderSoak } from './streams-under-soak.mts';
import { UploadsUnderSoak } from './uploads-under-soak.mts';

/** What became of one kind of thing. */
export interface Count {
  what: string;
  accepted: number;
  effects: number;
  lost: number;
  doubled: number;
  /** A second copy that was told as an attempt in doubt. */
  repeated: number;
}

export interface Happened {
  counts: Count[];
  /** How often each thing was done. */
  done: Map<string, number>;
  /** What nobody had expected, in words. */
  problems: string[];
}

/** Everything that is done to the stack, at rates that two busy cores can bear. */
export class Work {
  private readonly imports: ImportsUnderSoak;
  private readonly emails: EmailsUnderSoak;
  private readonly uploads: UploadsUnderSoak;
  private readonly streams: StreamsUnderSoak;
  private readonly disturbances: Disturbances;
  private readonly soaked: Soaked;
  private readonly problems: string[] = [];

  constructor(soaked: Soaked) {
    this.soaked = soaked;
    this.imports = new ImportsUnderSoak(soaked);
    this.emails = new EmailsUnderSoak(soaked);
    this.uploads = new UploadsUnderSoak(soaked);
    this.streams = new StreamsUnderSoak(soaked);
    this.disturbances = new Disturbances(soaked, this.emails);
  }

  /** Returns when the time is over and everybody has finished what they were at. */
  async during(ms: number, signal: AbortSignal): Promise<void> {
    const over = AbortSignal.any([signal, AbortSignal.timeout(ms)]);
    const actors = [
      this.keep(() => this.imports.runNext(), 800, over),
      this.keep(() => this.imports.runNext(), 1200, over),
      this.keep(() => this.emails.sendNext(), 250, over),
      this.keep(() => this.uploads.runNext(), 1000, over),
      this.keep(() => this.disturbances.next(over), 12_000, over),
      ...Array.from({ length: 12 }, () => this.keep(() => this.streams.visit(over), 500, over)),
    ];
    await Promise.all(actors);
    await this.disturbances.mend();
  }

  async compare(): Promise<Happened> {
    const counts = [await this.imports.count(), await this.emails.count(), this.uploads.count()];
    const { requests, repeated } = this.soaked.client;
    const done = new Map([
      ...this.imports.done,
      ...this.uploads.done,
      ...this.disturbances.done,
      ['event streams', this.streams.visits],
      ['events seen', this.streams.events],
      ['requests', requests],
      ['requests asked again', repeated],
    ]);
    return { counts, done, problems: this.problems };
  }

  private async keep(act: () => Promise<void>, restMs: number, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      await act().catch((error: unknown) => {
        if (!over.aborted)
          this.problems.push(error instanceof Error ? error.message : String(error));
      });
      await pause(restMs * (0.5 + Math.random()), undefined, { signal: over }).catch(
        () => undefined,
      );
    }
  }
}
