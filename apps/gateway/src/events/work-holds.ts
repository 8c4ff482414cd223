import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { WorkHold } from '@offload/contracts/http';
import { EventHub } from './event-hub.js';
import { holdFrame } from './sse-frame.js';

/** Kinds of things whose work can be held up. */
export type HeldKind = 'import' | 'email' | 'upload';

/**
 * What holds work up at this moment, by kind, as this replica knows it.
 *
 * The monitor says what there is; the resources of imports, e-mails and uploads show it, and open streams are
 * told when it changes. It is in memory alone, so that it is known while the database is what fails.
 */
@Injectable()
export class WorkHolds {
  private readonly current = new Map<string, WorkHold>();
  private changeCount = 0;

  constructor(private readonly hub: EventHub) {}

  /** Grows with every change. */
  get changes(): number {
    return this.changeCount;
  }

  /** Null while work of this kind goes on, and for kinds that nothing holds ever. */
  of(kind: string): WorkHold | null {
    return this.current.get(kind) ?? null;
  }

  /** Takes over what holds for a kind, and tells the streams if that is news. */
  set(kind: HeldKind, hold: WorkHold | null): void {
    if (isDeepStrictEqual(this.of(kind), hold)) return;
    this.changeCount += 1;
    if (hold) this.current.set(kind, hold);
    else this.current.delete(kind);
    this.hub.announce(kind, holdFrame(kind, hold));
  }
}
