import { Module } from '@nestjs/common';
import { CountStates } from './gauges/count-states.js';
import { QueueGauges } from './gauges/queue-gauges.js';
import { StateGauges } from './gauges/state-gauges.js';
import { WatchdogGauge } from './gauges/watchdog-gauge.js';
import { TellHolds } from './holds/tell-holds.js';
import { MonitorController } from './monitor.controller.js';
import { MonitorQueries } from './monitor.queries.js';
import { LookAtBroker } from './queues/look-at-broker.js';
import { FindingStore } from './watchdog/finding-store.js';
import { ReadFacts } from './watchdog/read-facts.js';
import { Watchdog } from './watchdog/watchdog.js';
import { ListenToWorkers } from './workers/listen-to-workers.js';
import { LiveWorkers } from './workers/live-workers.js';
import { WorkerStore } from './workers/worker-store.js';

/** Queues, workers, latencies and findings; and what people are told while their work is held up. */
@Module({
  controllers: [MonitorController],
  providers: [
    CountStates,
    FindingStore,
    ListenToWorkers,
    LiveWorkers,
    LookAtBroker,
    MonitorQueries,
    QueueGauges,
    ReadFacts,
    StateGauges,
    TellHolds,
    Watchdog,
    WatchdogGauge,
    WorkerStore,
  ],
})
export class MonitorModule {}
