import { Global, Module } from '@nestjs/common';
import { EventHub } from './event-hub.js';
import { EventStore } from './event-store.js';
import { EventStreamController } from './event-stream.controller.js';
import { OpenStream } from './open-stream.js';
import { ReplicaNews } from './replica-news.js';
import { EventSequencer } from './sequence-events.js';
import { StreamMetrics } from './stream-metrics.js';
import { StreamTickets } from './stream-tickets.js';
import { TopicSnapshots } from './topic-snapshots.js';
import { TopicNews } from './topic-news.js';
import { WorkHolds } from './work-holds.js';

/** Features register how their topics are read with `TopicSnapshots`. */
@Global()
@Module({
  controllers: [EventStreamController],
  providers: [
    EventHub,
    EventStore,
    EventSequencer,
    OpenStream,
    ReplicaNews,
    StreamMetrics,
    StreamTickets,
    TopicNews,
    TopicSnapshots,
    WorkHolds,
  ],
  exports: [EventSequencer, TopicNews, TopicSnapshots, WorkHolds],
})
export class EventsModule {}
