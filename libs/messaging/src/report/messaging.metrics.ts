import { counterMetric, gaugeMetric, histogramMetric } from '@offload/platform';

const queue = 'the queues that the service has handlers for';
const connection = ['publish', 'consume'];

export const deliveryDuration = histogramMetric('offload_delivery_duration_seconds', {
  help: 'Deliveries that have been settled, and how long handling took, by how they ended: after the commit, and for a retry or a dead letter after the broker has confirmed the copy. On a queue of last resort, where nothing is given up, each try counts.',
  labels: {
    queue,
    type: 'the message type that the handler of the queue is for; `any` on the queues of last resort',
    outcome: ['handled', 'duplicate', 'retry', 'dead-letter'],
  },
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
});

export const retries = counterMetric('offload_retries_total', {
  help: 'Deliveries that failed and will be tried again: the broker has confirmed the copy that waits for it. Also those that a brake put back, which do not use up a try; and on a queue of last resort each try that failed.',
  labels: { queue },
});

export const givenUp = counterMetric('offload_given_up_total', {
  help: 'Deliveries that were given up: the broker has confirmed the copy for the dead letters. What the broker itself gives up, because workers die over it, is not among them; offload_dead_letters has both.',
  labels: { queue },
});

export const inHand = gaugeMetric('offload_in_hand', {
  help: 'Deliveries being worked on.',
  labels: { queue },
});

export const brakeEngaged = gaugeMetric('offload_brake_engaged', {
  help: '1 while a queue is held because everything in it fails alike.',
  labels: { queue },
});

export const relayPublished = counterMetric('offload_relay_published_total', {
  help: 'Messages that the relay took from the outbox and published, counted after the commit that notes what became of them: confirmed by the broker and marked sent, returned because no queue takes them, or not confirmed. The last two are tried again.',
  labels: { result: ['confirmed', 'returned', 'failed'] },
});

export const relayConfirmDuration = histogramMetric('offload_relay_confirm_duration_seconds', {
  help: "Messages of the outbox that the broker confirmed, and the time from publishing to the broker's confirm.",
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
});

export const outboxPending = gaugeMetric('offload_outbox_pending', {
  help: 'Messages waiting for the broker in the outbox of this service, all replicas together, counted up to 100 000, as the last report of this process found them. Not shown while the database does not answer.',
});

export const outboxOldestAge = gaugeMetric('offload_outbox_oldest_age_seconds', {
  help: 'How long the oldest of them has waited; 0 when none waits.',
});

export const inboxMessages = gaugeMetric('offload_inbox_messages', {
  help: "Rows in the inbox of this service, which remembers what was handled: PostgreSQL's estimate from its last vacuum or analyze, scaled to the size of the table. Not shown before the first of them, or while the database does not answer.",
});

export const brokerConnected = gaugeMetric('offload_broker_connected', {
  help: '1 while the connection to RabbitMQ is open, 0 while it is not.',
  labels: { connection },
});

export const brokerBlocked = gaugeMetric('offload_broker_blocked', {
  help: '1 while RabbitMQ takes no messages over the connection because it has raised an alarm of memory or disk.',
  labels: { connection },
});

export const databaseConnections = gaugeMetric('offload_database_connections', {
  help: 'Connections of the pool to PostgreSQL.',
  labels: { state: ['in_use', 'idle'] },
});

export const databaseConnectionsMax = gaugeMetric('offload_database_connections_max', {
  help: 'Connections that the pool may hold.',
});

export const databaseWaiting = gaugeMetric('offload_database_waiting', {
  help: 'Requests that wait for a connection of the pool.',
});
