import {
  MessagesPerSecond,
  PercentUnit,
  Seconds,
  Short,
} from '@grafana/grafana-foundation-sdk/units';
import { dashboard } from './parts/dashboard.mts';
import { noLimits, orangeFrom, orangeThenRed, redBelow, redFrom } from './parts/limits.mts';
import { onIsBad } from './parts/meaning.mts';
import { figure, graph, timeline } from './parts/panel.mts';
import { everywhere } from './parts/scope.mts';

const queue = 'notifier.send-email';
const attempts = (more = '', range = '$__rate_interval'): string =>
  `rate(offload_email_attempt_duration_seconds_count{${everywhere}${more}}[${range}])`;
const durations = `rate(offload_email_attempt_duration_seconds_bucket{${everywhere}}[$__rate_interval])`;

/** Mail on its way out: what waits, what the relays say, and how long they take. */
export const email = dashboard({
  uid: 'offload-email',
  title: 'Offload: e-mail',
  says: 'Mail on its way out: what waits, what the relays say, and how long they take.',
  rows: [
    {
      title: 'At this moment',
      panels: [
        figure({
          title: 'Queued',
          says: 'E-mails that wait for their first attempt. Normal: near 0, with hills after a batch.',
          width: 4,
          unit: Short,
          limits: orangeThenRed(100, 10_000),
          series: [['queued', `max(offload_emails{${everywhere},state="queued"})`]],
        }),
        figure({
          title: 'Deferred',
          says: 'Not taken yet, and tried again by themselves. Normal: a few. Rising: a relay or a large recipient does not take them.',
          width: 4,
          unit: Short,
          limits: orangeThenRed(50, 500),
          series: [['deferred', `max(offload_emails{${everywhere},state="deferred"})`]],
        }),
        figure({
          title: 'Stalled',
          says: 'E-mails whose next attempt is overdue. Normal: 0. See email_stalled in docs/runbooks/findings.md.',
          width: 4,
          unit: Short,
          limits: redFrom(1),
          series: [['stalled', `max(offload_findings{${everywhere},code="email_stalled"})`]],
        }),
        figure({
          title: 'In doubt',
          says: 'Attempts of the time shown whose end nobody knows: the connection or the notifier died between handing over and the answer. Normal: 0.',
          width: 4,
          unit: Short,
          decimals: 0,
          limits: orangeFrom(1),
          series: [
            [
              'in doubt',
              `sum(increase(offload_email_attempt_duration_seconds_count{${everywhere},result="in_doubt"}[$__range])) or vector(0)`,
            ],
          ],
        }),
        figure({
          title: 'Taken by a relay',
          says: 'Share of attempts in the time shown that ended with “sent”. Normal: above 95 %.',
          width: 4,
          unit: PercentUnit,
          decimals: 1,
          limits: [
            [null, 'red'],
            [0.5, 'orange'],
            [0.95, 'green'],
          ],
          series: [
            [
              'sent',
              `sum(increase(offload_email_attempt_duration_seconds_count{${everywhere},result="sent"}[$__range])) ` +
                `/ (sum(increase(offload_email_attempt_duration_seconds_count{${everywhere}}[$__range])) > 0)`,
            ],
          ],
        }),
        figure({
          title: 'Notifiers up',
          says: 'That Prometheus can reach. Normal: as many as were started. 0: mail waits and is sent later.',
          width: 4,
          unit: Short,
          limits: redBelow(1),
          series: [['up', `sum(up{${everywhere},job="notifier"})`]],
        }),
      ],
    },
    {
      title: 'E-mails',
      panels: [
        graph({
          title: 'Waiting',
          says: 'By state. Normal: short hills. Deferred that stays: see the attempts below, by relay.',
          width: 12,
          unit: Short,
          stacked: true,
          series: [
            [
              '{{state}}',
              `max by (state) (offload_emails{${everywhere},state=~"queued|deferred"})`,
            ],
          ],
        }),
        graph({
          title: 'Sent and given up',
          says: 'Over an hour. Given up: refused for good, or tried too often; each is a dead letter with the relay’s words.',
          width: 12,
          unit: Short,
          series: [
            [
              '{{result}}',
              `round(sum by (result) (increase(offload_email_attempt_duration_seconds_count{${everywhere},result=~"sent|failed"}[1h])))`,
            ],
          ],
        }),
      ],
    },
    {
      title: 'Attempts',
      panels: [
        graph({
          title: 'Attempts by result',
          says: 'Normal: sent. Deferred in a burst: greylisting. Nothing but deferred: the relay is away, and the brake comes on.',
          width: 8,
          unit: MessagesPerSecond,
          stacked: true,
          series: [['{{result}}', `sum by (result) (${attempts()})`]],
        }),
        graph({
          title: 'Not taken, by relay',
          says: 'Share of attempts that were not sent. One relay at 100 %: that relay. All of them: the network, or what we send.',
          width: 8,
          unit: PercentUnit,
          max: 1,
          limits: orangeThenRed(0.05, 0.5),
          series: [
            [
              '{{relay}}',
              `1 - (sum by (relay) (${attempts(',result="sent"')}) or sum by (relay) (${attempts()}) * 0) / sum by (relay) (${attempts()})`,
            ],
          ],
        }),
        graph({
          title: 'Time for an attempt',
          says: 'From connecting to the relay’s answer. Normal: below a second. Tens of seconds: the relay is busy, or its name is slow to resolve.',
          width: 8,
          unit: Seconds,
          limits: orangeThenRed(10, 60),
          series: [
            ['{{relay}} p99', `histogram_quantile(0.99, sum by (relay, le) (${durations}))`],
            ['{{relay}} p50', `histogram_quantile(0.5, sum by (relay, le) (${durations}))`],
          ],
        }),
      ],
    },
    {
      title: 'Queue',
      panels: [
        graph({
          title: 'Messages',
          says: `Of ${queue}, ready and taken. Normal: near 0. Empty without RABBITMQ_MANAGEMENT_URL.`,
          width: 8,
          unit: Short,
          series: [
            [
              '{{state}}',
              `max by (state) (offload_queue_messages{${everywhere},queue="${queue}"})`,
            ],
          ],
        }),
        graph({
          title: 'Retries and dead letters',
          says: 'Over the time between two points. Normal: 0. Dead letters here are e-mails that were given up.',
          width: 8,
          unit: Short,
          series: [
            [
              'retries',
              `sum(increase(offload_retries_total{${everywhere},queue="${queue}"}[$__rate_interval]))`,
            ],
            [
              'given up',
              `sum(increase(offload_given_up_total{${everywhere},queue="${queue}"}[$__rate_interval]))`,
            ],
          ],
        }),
        timeline({
          title: 'Brake',
          says: 'On while nothing can be sent. Normal: off. Mend the relay; one e-mail at a time tries whether it is back.',
          width: 8,
          height: 8,
          meaning: onIsBad,
          nothing: 'No notifier tells its brake.',
          series: [
            [
              '{{instance}}',
              `max by (instance) (offload_brake_engaged{${everywhere},queue="${queue}"})`,
            ],
          ],
        }),
      ],
    },
    {
      title: 'Other mail',
      panels: [
        figure({
          title: 'Told about imports',
          says: 'Messages of the last hour that an import has ended, handled by the notifier; each becomes an e-mail where somebody asked for one.',
          width: 24,
          unit: Short,
          decimals: 0,
          limits: noLimits,
          named: true,
          series: [
            [
              '{{queue}}',
              `sum by (queue) (increase(offload_delivery_duration_seconds_count{${everywhere},queue=~"notifier.tell-.*",outcome="handled"}[1h]))`,
            ],
          ],
        }),
      ],
    },
  ],
});
