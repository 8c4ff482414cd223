import {
  MessagesPerSecond,
  PercentUnit,
  Seconds,
  Short,
} from '@grafana/grafana-foundation-sdk/units';
import { dashboard } from './parts/dashboard.mts';
import { orangeThenRed } from './parts/limits.mts';
import { onIsBad, upIsGood } from './parts/meaning.mts';
import { graph, timeline } from './parts/panel.mts';
import { rabbitmqRow } from './parts/rabbitmq-row.mts';
import { everywhere, here, queues } from './parts/scope.mts';

const settled = `offload_delivery_duration_seconds_count{${here},queue=~"$queue"`;
const handled = `rate(offload_delivery_duration_seconds_bucket{${here},queue=~"$queue"}[$__rate_interval])`;
const confirms = `rate(offload_relay_confirm_duration_seconds_bucket{${here}}[$__rate_interval])`;

/** The way of a message: outbox, relay, broker, queue, delivery, and what became of those given up. */
export const messaging = dashboard({
  uid: 'offload-messaging',
  title: 'Offload: messaging',
  says: 'The way of a message: outbox, broker, queue, delivery; retries, dead letters and replays.',
  variables: [['queue', 'Queue', 'offload_in_hand{namespace=~"$namespace"}']],
  rows: [
    {
      title: 'Queues',
      panels: [
        graph({
          title: 'Waiting',
          says: 'Messages ready, by queue. Normal: near 0, with hills that shrink again. Empty without RABBITMQ_MANAGEMENT_URL.',
          width: 8,
          unit: Short,
          series: [
            ['{{queue}}', `max by (queue) (offload_queue_messages{${queues},state="ready"}) > 0`],
          ],
        }),
        graph({
          title: 'Time to empty',
          says: 'What waits, divided by what was handled a second in the last 15 minutes. Normal: minutes. Above an hour: more workers, or faster ones.',
          width: 8,
          unit: Seconds,
          limits: orangeThenRed(600, 3600),
          series: [
            [
              '{{queue}}',
              `max by (queue) (namespace_queue:offload_queue_drain_seconds:15m{${queues}})`,
            ],
          ],
        }),
        graph({
          title: 'Consumers',
          says: 'The fewest that any queue has, and the queues that have none. Normal: one per worker of the service. 0: start the service; its log says why it does not (start-failed).',
          width: 8,
          unit: Short,
          series: [
            ['fewest', `min(max by (queue) (offload_queue_consumers{${queues}}))`],
            ['{{queue}}: none', `max by (queue) (offload_queue_consumers{${queues}}) == 0`],
          ],
        }),
        graph({
          title: 'Taken, not settled',
          says: 'As the broker counts. Normal: at most the prefetch of each worker. High and flat, with nothing in hand: a worker hangs.',
          width: 8,
          unit: Short,
          series: [
            [
              '{{queue}}',
              `max by (queue) (offload_queue_messages{${queues},state="unacknowledged"}) > 0`,
            ],
          ],
        }),
        graph({
          title: 'In hand',
          says: 'Deliveries being worked on, as the workers count. Normal: 0 when idle, the concurrency of the queue under load.',
          width: 8,
          unit: Short,
          series: [['{{queue}}', `sum by (queue) (offload_in_hand{${here},queue=~"$queue"}) > 0`]],
        }),
        timeline({
          title: 'Brakes',
          says: 'Queues that pause because everything in them fails alike. Normal: empty. Mend what they need; do not restart, do not replay.',
          width: 8,
          height: 8,
          meaning: onIsBad,
          nothing: 'No queue was braked in this time.',
          series: [
            [
              '{{queue}} on {{instance}}',
              `max by (queue, instance) (offload_brake_engaged{${here},queue=~"$queue"} > 0)`,
            ],
          ],
        }),
      ],
    },
    {
      title: 'Deliveries',
      panels: [
        graph({
          title: 'Deliveries by outcome',
          says: 'Normal: handled, and a few duplicates after restarts. Retries: something is away for a moment. Dead-letter: given up.',
          width: 8,
          unit: MessagesPerSecond,
          stacked: true,
          series: [
            [
              '{{outcome}}',
              `sum by (outcome) (rate(offload_delivery_duration_seconds_count{${here},queue=~"$queue"}[$__rate_interval]))`,
            ],
          ],
        }),
        graph({
          title: 'Handled by queue',
          says: 'The busiest ten. Normal: as the work comes. 0 while messages wait: see Consumers and Brakes.',
          width: 8,
          unit: MessagesPerSecond,
          series: [
            [
              '{{queue}}',
              `topk(10, sum by (queue) (rate(offload_delivery_duration_seconds_count{${here},queue=~"$queue",outcome="handled"}[$__rate_interval])) > 0)`,
            ],
          ],
        }),
        graph({
          title: 'Time to handle, p99',
          says: 'By queue. Normal: milliseconds; seconds for ingest.load-chunk and notifier.send-email. A step up: the database, or a lock.',
          width: 8,
          unit: Seconds,
          series: [['{{queue}}', `histogram_quantile(0.99, sum by (queue, le) (${handled})) > 0`]],
        }),
        graph({
          title: 'Retries',
          says: 'Deliveries that failed and will be tried again. Normal: near 0.',
          width: 8,
          unit: MessagesPerSecond,
          series: [
            [
              '{{queue}}',
              `sum by (queue) (rate(offload_retries_total{${here},queue=~"$queue"}[$__rate_interval])) > 0`,
            ],
          ],
        }),
        graph({
          title: 'Given up',
          says: 'Messages that became dead letters, over the time between two points. Normal: 0. They are kept; see which code in the console or with `offload dead-letters`.',
          width: 8,
          unit: Short,
          series: [
            [
              '{{queue}}',
              `sum by (queue) (increase(offload_given_up_total{${here},queue=~"$queue"}[$__rate_interval])) > 0`,
            ],
          ],
        }),
        graph({
          title: 'Share that fails',
          says: 'Retries and dead letters of all deliveries. Normal: below 1 %. Near 100 %: the brake of that queue comes on.',
          width: 8,
          unit: PercentUnit,
          max: 1,
          limits: orangeThenRed(0.05, 0.5),
          series: [
            [
              '{{queue}}',
              `sum by (queue) (rate(${settled},outcome=~"retry|dead-letter"}[$__rate_interval])) ` +
                `/ (sum by (queue) (rate(${settled}}[$__rate_interval])) > 0)`,
            ],
          ],
        }),
      ],
    },
    {
      title: 'Outbox and relay',
      panels: [
        graph({
          title: 'Waiting in outbox',
          says: 'Committed, not yet confirmed by the broker; by service. Normal: near 0. At OUTBOX_LIMIT the gateway answers POSTs with 503.',
          width: 8,
          unit: Short,
          series: [['{{job}}', `max by (job) (offload_outbox_pending{${here}})`]],
        }),
        graph({
          title: 'Oldest in outbox',
          says: 'By service. Normal: below a second. Rising steadily: nothing gets out; safe, and late.',
          width: 8,
          unit: Seconds,
          limits: orangeThenRed(60, 300),
          series: [['{{job}}', `max by (job) (offload_outbox_oldest_age_seconds{${here}})`]],
        }),
        graph({
          title: 'Published',
          says: 'By what the broker said. Returned: no queue takes the type (start the service that handles it). Failed: it is tried again.',
          width: 8,
          unit: MessagesPerSecond,
          stacked: true,
          series: [
            [
              '{{result}}',
              `sum by (result) (rate(offload_relay_published_total{${here}}[$__rate_interval]))`,
            ],
          ],
        }),
        graph({
          title: 'Time to confirm',
          says: 'From publish to the broker’s confirm. Normal: milliseconds. Seconds: the broker’s disk, or a queue without its leader.',
          width: 8,
          unit: Seconds,
          limits: orangeThenRed(1, 5),
          series: [
            ['p99', `histogram_quantile(0.99, sum by (le) (${confirms}))`],
            ['p50', `histogram_quantile(0.5, sum by (le) (${confirms}))`],
          ],
        }),
        graph({
          title: 'Inbox',
          says: 'Remembered message ids, about. Normal: flat, since old ones are deleted. Only rising: the deletion does not run.',
          width: 8,
          unit: Short,
          series: [['{{job}}', `max by (job) (offload_inbox_messages{${here}})`]],
        }),
        timeline({
          title: 'Connections to the broker',
          says: 'By service and connection, where it is worst. Normal: up. Down in one service: its address or password; in all: the broker.',
          width: 4,
          height: 8,
          meaning: upIsGood,
          nothing: 'No process tells its connections.',
          series: [
            [
              '{{job}} {{connection}}',
              `min by (job, connection) (offload_broker_connected{${here}})`,
            ],
          ],
        }),
        timeline({
          title: 'Blocked by the broker',
          says: 'It takes no messages because it has no memory or disk left. Normal: off. Free some; never purge a queue of ours.',
          width: 4,
          height: 8,
          meaning: onIsBad,
          nothing: 'No process tells its connections.',
          series: [
            [
              '{{job}} {{connection}}',
              `max by (job, connection) (offload_broker_blocked{${here}})`,
            ],
          ],
        }),
      ],
    },
    {
      title: 'Dead letters and replays',
      panels: [
        graph({
          title: 'Dead letters',
          says: 'Kept, by state. Normal: none open. A step: look at the newest group, mend the cause, replay it with a canary.',
          width: 8,
          unit: Short,
          series: [
            [
              '{{state}}',
              `max by (state) (offload_dead_letters{${everywhere},state=~"open|replaying"})`,
            ],
          ],
        }),
        graph({
          title: 'Replays under way',
          says: 'Normal: none, or one running. Paused waits for a person: its page says why.',
          width: 8,
          unit: Short,
          series: [
            [
              '{{state}}',
              `max by (state) (offload_replays{${everywhere},state=~"running|paused"})`,
            ],
          ],
        }),
        graph({
          title: 'Replayed messages',
          says: 'By what became of them. Normal: succeeded. Failed_again: the fix does not hold; the replay pauses by itself.',
          width: 8,
          unit: MessagesPerSecond,
          stacked: true,
          series: [
            [
              '{{outcome}}',
              `sum by (outcome) (rate(offload_replayed_messages_total{${everywhere}}[$__rate_interval]))`,
            ],
          ],
        }),
      ],
    },
    rabbitmqRow,
  ],
});
