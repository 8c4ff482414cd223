import {
  DeadLetterState,
  EmailState,
  FindingCode,
  ReplayState,
  UploadState,
} from '@offload/contracts/http';
import { gaugeMetric } from '@offload/platform';

const sameEverywhere = 'The same on every gateway: use `max by (…)`.';
const fromTheDatabase = `Read from the database, at most every five seconds, and counted up to 20 000; not shown while it does not answer. ${sameEverywhere}`;

export const findings = gaugeMetric('offload_findings', {
  help: `Findings of the watchdog that are open. ${fromTheDatabase}`,
  labels: { code: FindingCode.options },
});

export const watchdogLook = gaugeMetric('offload_watchdog_look_timestamp_seconds', {
  help: `When the watchdog looked last, in seconds since 1970; a look that failed does not count. Not shown before the first, or while the database does not answer. ${sameEverywhere}`,
});

export const deadLetters = gaugeMetric('offload_dead_letters', {
  help: `Dead letters in each state; those that were closed until they are forgotten. ${fromTheDatabase}`,
  labels: { state: DeadLetterState.options },
});

export const replays = gaugeMetric('offload_replays', {
  help: `Replays that have not come to an end, in each state. ${fromTheDatabase}`,
  labels: { state: ReplayState.options.filter((state) => state !== 'completed') },
});

export const imports = gaugeMetric('offload_imports', {
  help: `Imports that have not come to an end, in each state; offload_imports_ended_total counts those that have. ${fromTheDatabase}`,
  labels: {
    state: [
      'queued',
      'loading',
      'awaiting_review',
      'finalizing',
      'canceling',
      'reverting',
      'interrupted',
    ],
  },
});

export const emails = gaugeMetric('offload_emails', {
  help: `E-mails that are neither sent nor given up, in each state; offload_email_attempt_duration_seconds counts what becomes of them. ${fromTheDatabase}`,
  labels: { state: EmailState.options.filter((state) => state !== 'sent' && state !== 'failed') },
});

export const uploads = gaugeMetric('offload_uploads', {
  help: `Uploads of which the storage keeps something, in each state. ${fromTheDatabase}`,
  labels: { state: UploadState.options },
});

export const queueMessages = gaugeMetric('offload_queue_messages', {
  help: `Messages in a queue: ready to be delivered, and delivered but not acknowledged. From RabbitMQ's management API, at most every two seconds; not shown without it. ${sameEverywhere}`,
  labels: {
    queue: 'the queues of work, of last resort and of retries',
    state: ['ready', 'unacknowledged'],
  },
});

export const queueConsumers = gaugeMetric('offload_queue_consumers', {
  help: `Consumers of a queue. From RabbitMQ's management API, at most every two seconds; not shown without it. ${sameEverywhere}`,
  labels: { queue: 'the queues of work and of last resort' },
});
