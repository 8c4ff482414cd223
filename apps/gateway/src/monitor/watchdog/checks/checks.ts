import type { FindingCode } from '@offload/contracts/http';
import type { Check } from '../facts.js';
import { brokerAlarm } from './broker-alarm.js';
import { brokerAway } from './broker-away.js';
import { deadLettersNotStored } from './dead-letters-not-stored.js';
import { emailStalled } from './email-stalled.js';
import { eventLoopLag } from './event-loop-lag.js';
import { importStalled } from './import-stalled.js';
import { memoryGrowth } from './memory-growth.js';
import { outboxNotDraining } from './outbox-not-draining.js';
import { poolExhausted } from './pool-exhausted.js';
import { queueBraked } from './queue-braked.js';
import { queueWithoutConsumer } from './queue-without-consumer.js';
import { replayPaused } from './replay-paused.js';
import { unroutedMessages } from './unrouted-messages.js';
import { workerSilent } from './worker-silent.js';

/** The check for each code of a finding. */
export const checks: Readonly<Record<FindingCode, Check>> = {
  import_stalled: importStalled,
  email_stalled: emailStalled,
  outbox_not_draining: outboxNotDraining,
  queue_without_consumer: queueWithoutConsumer,
  queue_braked: queueBraked,
  unrouted_messages: unroutedMessages,
  dead_letters_not_stored: deadLettersNotStored,
  pool_exhausted: poolExhausted,
  event_loop_lag: eventLoopLag,
  memory_growth: memoryGrowth,
  worker_silent: workerSilent,
  broker_away: brokerAway,
  broker_alarm: brokerAlarm,
  replay_paused: replayPaused,
};
