import {
  PercentUnit,
  RequestsPerSecond,
  RowsPerSecond,
  Seconds,
  Short,
} from '@grafana/grafana-foundation-sdk/units';
import { dashboard, runbooks } from './parts/dashboard.mts';
import { noLimits, orangeThenRed, redBelow, redFrom } from './parts/limits.mts';
import { onIsBad, openIsBad, upIsGood } from './parts/meaning.mts';
import { figure, graph, timeline, words } from './parts/panel.mts';
import { runbookText } from './parts/runbook-text.mts';
import { api, everywhere, here } from './parts/scope.mts';

const firing = `ALERTS{alertname=~"Offload.*",alertstate="firing",${everywhere}}`;

/** For whoever is on call: is anything wrong, since when, and where. */
export const overview = dashboard({
  uid: runbooks.uid,
  title: 'Offload: overview',
  says: 'Is anything wrong, since when, and where. All green: go back to sleep.',
  rows: [
    {
      title: 'Is anything wrong?',
      panels: [
        figure({
          title: 'Alerts firing',
          says: 'Normal: 0. Otherwise read the row below, then the page of the alert (Runbooks, above).',
          width: 3,
          unit: Short,
          limits: redFrom(1),
          series: [['firing', `count(${firing}) or vector(0)`]],
        }),
        figure({
          title: 'Findings open',
          says: 'What the watchdog of the gateway has found. Normal: 0. GET /v1/monitor/findings says each in words.',
          width: 3,
          unit: Short,
          limits: redFrom(1),
          series: [['open', `sum(max by (namespace, code) (offload_findings{${everywhere}}))`]],
        }),
        figure({
          title: 'Checks failing',
          says: 'Of /health/ready, over all processes. Normal: 0, and for seconds more while something is replaced.',
          width: 3,
          unit: Short,
          limits: redFrom(1),
          series: [['failing', `count(offload_health_up{${here}} == 0) or vector(0)`]],
        }),
        figure({
          title: 'Processes up',
          says: 'That Prometheus can reach, by service. Normal: as many as were started. None of ingest or notifier: nothing is lost, and nothing is done.',
          width: 6,
          unit: Short,
          limits: redBelow(1),
          named: true,
          series: [['{{job}}', `sum by (job) (up{${everywhere},job=~"gateway|ingest|notifier"})`]],
        }),
        figure({
          title: 'API errors',
          says: 'Share of requests that the gateway answered with 5xx in the last five minutes. Normal: 0; the alert watches 0.1 % over days.',
          width: 3,
          unit: PercentUnit,
          decimals: 2,
          limits: orangeThenRed(0.001, 0.0144),
          series: [['errors', `max(namespace:offload_api_error_ratio:5m{${everywhere}})`]],
        }),
        figure({
          title: 'API p99',
          says: 'One request in a hundred takes longer, of those that answer at once. Normal: below 250 ms.',
          width: 3,
          unit: Seconds,
          limits: orangeThenRed(1, 2),
          series: [['p99', `max(namespace:offload_prompt_latency_seconds:p99{${everywhere}})`]],
        }),
        figure({
          title: 'Dead letters open',
          says: 'Messages given up that wait for a person. Normal: 0. They are kept and can be replayed once the cause is mended.',
          width: 3,
          unit: Short,
          limits: orangeThenRed(1, 100),
          series: [
            ['open', `sum(max by (namespace) (offload_dead_letters{${everywhere},state="open"}))`],
          ],
        }),
        figure({
          title: 'Oldest in outbox',
          says: 'How long accepted work has waited for the broker. Normal: below a second. Minutes: see Broker in “messaging”.',
          width: 4,
          unit: Seconds,
          limits: orangeThenRed(60, 300),
          series: [['oldest', `max(offload_outbox_oldest_age_seconds{${everywhere}})`]],
        }),
        figure({
          title: 'Waiting in queues',
          says: 'Messages ready, of all queues of work. Normal: near 0, thousands while a large file is imported. No data: RABBITMQ_MANAGEMENT_URL is not set.',
          width: 4,
          unit: Short,
          limits: noLimits,
          series: [
            [
              'ready',
              `sum(max by (namespace, queue) (offload_queue_messages{${everywhere},state="ready",queue!~"retry[.].*"}))`,
            ],
          ],
        }),
        figure({
          title: 'Queues braked',
          says: 'Queues that pause because everything in them fails alike. Normal: 0. Mend what they need: the database, the mail relay, the disk.',
          width: 4,
          unit: Short,
          limits: redFrom(1),
          series: [
            [
              'braked',
              `count(max by (namespace, queue) (offload_brake_engaged{${everywhere}}) == 1) or vector(0)`,
            ],
          ],
        }),
        figure({
          title: 'Imports under way',
          says: 'Queued, loading or being finished. Normal: as people send files.',
          width: 4,
          unit: Short,
          limits: noLimits,
          series: [
            [
              'imports',
              `sum(max by (namespace, state) (offload_imports{${everywhere},state=~"queued|loading|finalizing"}))`,
            ],
          ],
        }),
        figure({
          title: 'Rows a second',
          says: 'Stored in datasets, of all imports together.',
          width: 4,
          unit: RowsPerSecond,
          limits: noLimits,
          series: [
            [
              'stored',
              `sum(rate(offload_import_rows_total{${everywhere},result="stored"}[$__rate_interval]))`,
            ],
          ],
        }),
        figure({
          title: 'E-mails that wait',
          says: 'Queued or deferred. Normal: near 0. They are tried again by themselves.',
          width: 4,
          unit: Short,
          limits: orangeThenRed(100, 10_000),
          series: [['waiting', `sum(max by (namespace, state) (offload_emails{${everywhere}}))`]],
        }),
      ],
    },
    {
      title: 'Since when, and where?',
      panels: [
        timeline({
          title: 'Alerts',
          says: 'Each alert that fired in this time. Normal: empty.',
          width: 8,
          meaning: { zero: ['off', 'green'], one: ['firing', 'red'] },
          nothing: 'No alert fired in this time.',
          series: [['{{alertname}} {{queue}}', `max by (alertname, queue) (${firing})`]],
        }),
        timeline({
          title: 'Findings',
          says: 'What the watchdog had open, by code. Normal: empty. Each code is a heading of docs/runbooks/findings.md.',
          width: 8,
          meaning: openIsBad,
          nothing: 'Nothing was found in this time.',
          series: [['{{code}}', `max by (code) (offload_findings{${everywhere}} > 0)`]],
        }),
        timeline({
          title: 'Ready checks',
          says: 'What each service depends on, where it is worst. Normal: all green. Red in one service: its way there; in all: the thing itself.',
          width: 8,
          meaning: upIsGood,
          nothing: 'No process tells its checks.',
          series: [['{{job}}: {{check}}', `min by (job, check) (offload_health_up{${here}})`]],
        }),
      ],
    },
    {
      title: 'API',
      panels: [
        graph({
          title: 'Requests by status',
          says: 'Normal: the same shape as yesterday at this time. 429 and 4xx are the clients’, 5xx is ours.',
          width: 8,
          unit: RequestsPerSecond,
          stacked: true,
          series: [
            [
              '{{status}}',
              `sum by (status) (rate(offload_http_request_duration_seconds_count{${api}}[$__rate_interval]))`,
            ],
          ],
        }),
        graph({
          title: 'Errors',
          says: 'Share of 5xx. Above the dashed lines the budget of 0.1 % is used up in days (6×, 0.6 %) or in hours (14.4×, 1.44 %).',
          width: 8,
          unit: PercentUnit,
          limits: orangeThenRed(0.006, 0.0144),
          series: [
            ['5 minutes', `max(namespace:offload_api_error_ratio:5m{${everywhere}})`],
            ['1 hour', `max(namespace:offload_api_error_ratio:1h{${everywhere}})`],
          ],
        }),
        graph({
          title: 'Latency',
          says: 'Of routes that answer at once (no files, exports or requests that may wait). Normal: p99 below 250 ms. Slow with a full pool: see “resources”.',
          width: 8,
          unit: Seconds,
          limits: orangeThenRed(1, 2),
          series: [
            ['p99', `max(namespace:offload_prompt_latency_seconds:p99{${everywhere}})`],
            ['p50', `max(namespace:offload_prompt_latency_seconds:p50{${everywhere}})`],
          ],
        }),
      ],
    },
    {
      title: 'Work that waits',
      panels: [
        graph({
          title: 'Waiting in queues',
          says: 'The longest ten. Normal: near 0, with hills while a large file is imported. A slope that only rises: see “messaging”. Empty without RABBITMQ_MANAGEMENT_URL.',
          width: 8,
          unit: Short,
          series: [
            [
              '{{queue}}',
              `topk(10, max by (queue) (offload_queue_messages{${everywhere},state="ready",queue!~"retry[.].*"}) > 0)`,
            ],
          ],
        }),
        graph({
          title: 'Oldest in outbox',
          says: 'By service. Normal: below a second. A line at 45 degrees: nothing gets out, see the ready checks.',
          width: 8,
          unit: Seconds,
          limits: orangeThenRed(60, 300),
          series: [['{{job}}', `max by (job) (offload_outbox_oldest_age_seconds{${everywhere}})`]],
        }),
        timeline({
          title: 'Brakes',
          says: 'Queues that pause because everything in them fails alike. Normal: empty. Mend what they need: the database, the mail relay, the disk.',
          width: 8,
          height: 8,
          meaning: onIsBad,
          nothing: 'No queue was braked in this time.',
          series: [['{{queue}}', `max by (queue) (offload_brake_engaged{${everywhere}} > 0)`]],
        }),
      ],
    },
    {
      title: 'What people asked for',
      panels: [
        graph({
          title: 'Imports under way',
          says: 'Normal: loading comes and goes. Queued that does not shrink: no worker has time; awaiting_review waits for people.',
          width: 8,
          unit: Short,
          stacked: true,
          series: [
            [
              '{{state}}',
              `max by (state) (offload_imports{${everywhere},state=~"queued|loading|finalizing|awaiting_review|canceling|reverting|interrupted"})`,
            ],
          ],
        }),
        graph({
          title: 'Rows imported',
          says: 'Rows committed a second. Normal: as the files come. Rejected rows are answers to people, not faults.',
          width: 8,
          unit: RowsPerSecond,
          series: [
            [
              '{{result}}',
              `sum by (result) (rate(offload_import_rows_total{${everywhere}}[$__rate_interval]))`,
            ],
          ],
        }),
        graph({
          title: 'E-mails that wait',
          says: 'Normal: queued near 0. Deferred: a relay or a recipient’s server does not take them yet; hours of it are worth a look at “e-mail”.',
          width: 8,
          unit: Short,
          stacked: true,
          series: [
            [
              '{{state}}',
              `max by (state) (offload_emails{${everywhere},state=~"queued|deferred"})`,
            ],
          ],
        }),
      ],
    },
    {
      title: 'What runs',
      panels: [
        figure({
          title: 'Versions',
          says: 'Processes by service and version. Normal: one version of each, and two while a release rolls out.',
          width: 12,
          unit: Short,
          limits: noLimits,
          named: true,
          series: [
            ['{{job}} {{version}}', `count by (job, version) (offload_build_info{${here}})`],
          ],
        }),
        figure({
          title: 'Youngest process',
          says: 'By service, since when it runs. Minutes, without a release: it restarts, see “resources”.',
          width: 12,
          unit: Seconds,
          limits: noLimits,
          named: true,
          series: [['{{job}}', `min by (job) (time() - process_start_time_seconds{${here}})`]],
        }),
      ],
    },
    {
      title: 'What each alert means, and what to do',
      isClosed: true,
      firstId: runbooks.panel,
      panels: [words('Runbooks', runbookText(), 30)],
    },
  ],
});
