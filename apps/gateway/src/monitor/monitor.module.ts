import { Module } from '@nestjs/common';
import { TellHolds } from './holds/tell-holds.js';
import { MonitorController } from './monitor.controller.js';
import { MonitorQueries } from './monitor.queries.js';
import { LookAtBroker } from './queues/look-at-broker.js';
import { FindingStore } from './watchdog/finding-store.js';
import { FindingsGauge } from './watchdog/findings-gauge.js';
import { ReadFacts } from './watchdog/read-facts.js';
import { Watchdog } from './watchdog/watchdog.js';
import { ListenToWorkers } from './workers/listen-to-workers.js';
import { LiveWorkers } from './workers/live-workers.js';
import { WorkerStore } from './workers/worker-store.js';

/** Queues, workers, latencies and findings; and what people are told while their work is held up. */
@Module({
  controllers: [MonitorController],
  providers: [
    FindingStore,
    FindingsGauge,
    ListenToWorkers,
    LiveWorkers,
    LookAtBroker,
    MonitorQueries,
    ReadFacts,
    TellHolds,
    Watchdog,
    WorkerStore,
  ],
})
export class MonitorModule {}
