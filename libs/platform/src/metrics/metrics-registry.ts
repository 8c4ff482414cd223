import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Registry } from 'prom-client';

/**
 * Where a process keeps what it counts. It begins with the process itself: CPU, memory, garbage
 * collection, event loop lag.
 *
 * A registry for each application and not the one of the whole process, so that two applications in
 * one process (as tests have them) do not count for each other.
 */
@Injectable()
export class MetricsRegistry extends Registry {
  constructor() {
    super();
    collectDefaultMetrics({ register: this });
  }
}
