import type { BrakeReport } from '@offload/contracts';
import { Subject } from 'rxjs';
import { BrakeGate } from './brake-gate.js';
import type { BrakeSettings } from './brake.js';

/** A brake was put on or let go. */
export interface BrakeChange {
  queue: string;
  isOn: boolean;
  /** Why it is on, or was. */
  report: BrakeReport;
}

/**
 * The brakes of this process, one for each consumer of a contract.
 *
 * A listener to `changes` must not throw and must not be slow: a delivery waits for it.
 */
export class Brakes {
  private readonly subject = new Subject<BrakeChange>();
  private readonly gates = new Map<string, BrakeGate>();
  readonly changes = this.subject.asObservable();

  constructor(private readonly settings: BrakeSettings) {}

  /** The brakes that are on, with their queues. */
  get current(): { queue: string; report: BrakeReport }[] {
    return [...this.gates].flatMap(([queue, { report }]) => (report ? [{ queue, report }] : []));
  }

  /** The gate that belongs before the handler of a queue. */
  gateFor(queue: string): BrakeGate {
    const gate = new BrakeGate({
      settings: this.settings,
      onChange: (isOn, report) => this.subject.next({ queue, isOn, report }),
    });
    this.gates.set(queue, gate);
    return gate;
  }
}
