import { Subject } from 'rxjs';
import type { DeliveryResult } from './delivery.js';

/**
 * Every settled delivery of this process, in order of settling.
 *
 * The log line, the metrics and the tests all listen here, so that a test awaits exactly what an
 * operator sees. A listener must not throw and must not be slow.
 */
export class Deliveries {
  private readonly subject = new Subject<DeliveryResult>();
  readonly settled = this.subject.asObservable();

  announce(result: DeliveryResult): void {
    this.subject.next(result);
  }
}
