import {
  BytesPerSecondIEC,
  EventsPerSecond,
  OpsPerSecond,
  PercentUnit,
  RowsPerSecond,
  Seconds,
  Short,
} from '@grafana/grafana-foundation-sdk/units';
import { dashboard } from './parts/dashboard.mts';
import { noLimits, orangeFrom, redFrom } from './parts/limits.mts';
import { figure, graph } from './parts/panel.mts';
import { everywhere, here } from './parts/scope.mts';

/** Each row once: "set aside" is counted again with what becomes of it. */
const settled = `${everywhere},result!="set_aside"`;
const phases = `rate(offload_import_phase_duration_seconds_bucket{${everywhere}}[$__rate_interval])`;
const loads = `rate(offload_delivery_duration_seconds_bucket{${everywhere},queue="ingest.load-chunk",outcome="handled"}[$__rate_interval])`;

/** Files on their way into tables: how many, how fast, what is rejected, and who watches. */
export const imports = dashboard({
  uid: 'offload-imports',
  title: 'Offload: imports',
  says: 'Files on their way into tables: how many, how fast, what is rejected, and who watches.',
  rows: [
    {
      title: 'At this moment',
      panels: [
        figure({
          title: 'Loading',
          says: 'Imports whose rows are being stored. Normal: as people send files.',
          width: 4,
          unit: Short,
          limits: noLimits,
          series: [['loading', `max(offload_imports{${everywhere},state=~"loading|finalizing"})`]],
        }),
        figure({
          title: 'Queued',
          says: 'Imports that wait to begin, for a worker or for another import into the same dataset. Normal: 0 to a few.',
          width: 4,
          unit: Short,
          limits: orangeFrom(20),
          series: [['queued', `max(offload_imports{${everywhere},state="queued"})`]],
        }),
        figure({
          title: 'Awaiting review',
          says: 'They wait for a person to confirm or cancel, and hold up imports into the same dataset.',
          width: 4,
          unit: Short,
          limits: noLimits,
          series: [
            ['awaiting review', `max(offload_imports{${everywhere},state="awaiting_review"})`],
          ],
        }),
        figure({
          title: 'Stalled',
          says: 'Findings of imports that do not move. Normal: 0. See import_stalled in docs/runbooks/findings.md.',
          width: 4,
          unit: Short,
          limits: redFrom(1),
          series: [['stalled', `max(offload_findings{${everywhere},code="import_stalled"})`]],
        }),
        figure({
          title: 'Rows a second',
          says: 'Committed, of all imports together.',
          width: 4,
          unit: RowsPerSecond,
          limits: noLimits,
          series: [['rows', `sum(rate(offload_import_rows_total{${settled}}[$__rate_interval]))`]],
        }),
        figure({
          title: 'Rejected',
          says: 'Share of rows that were put in quarantine, in the time shown. The files of people: a step to near 100 % is a changed format.',
          width: 4,
          unit: PercentUnit,
          decimals: 1,
          limits: orangeFrom(0.2),
          series: [
            [
              'rejected',
              `sum(increase(offload_import_rows_total{${everywhere},result="rejected"}[$__range])) ` +
                `/ (sum(increase(offload_import_rows_total{${settled}}[$__range])) > 0)`,
            ],
          ],
        }),
      ],
    },
    {
      title: 'Imports',
      panels: [
        graph({
          title: 'Under way',
          says: 'By state. Normal: loading comes and goes. Queued that only grows: more workers of ingest.',
          width: 12,
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
          title: 'Ended',
          says: 'How many ended in an hour, by outcome. Failed ones are mostly files that cannot be read; all of them failed: look at one.',
          width: 12,
          unit: Short,
          stacked: true,
          series: [
            [
              '{{outcome}}',
              `round(sum by (outcome) (increase(offload_imports_ended_total{${everywhere}}[1h])))`,
            ],
          ],
        }),
      ],
    },
    {
      title: 'Speed',
      panels: [
        graph({
          title: 'Rows',
          says: 'Committed a second, by result; set_aside waits for the merge that takes it over, and counts again then. Normal: hundreds of thousands on the fast path, tens of thousands when chunks have to be read.',
          width: 8,
          unit: RowsPerSecond,
          stacked: true,
          series: [
            [
              '{{result}}',
              `sum by (result) (rate(offload_import_rows_total{${everywhere}}[$__rate_interval]))`,
            ],
          ],
        }),
        graph({
          title: 'Bytes',
          says: 'Of files, committed a second.',
          width: 8,
          unit: BytesPerSecondIEC,
          series: [
            ['bytes', `sum(rate(offload_import_bytes_total{${everywhere}}[$__rate_interval]))`],
          ],
        }),
        graph({
          title: 'Chunks by path',
          says: 'Copied: PostgreSQL took the slice as it is. Read: rows were parsed one by one, because some were bad or the dialect asks for it; slower by far.',
          width: 8,
          unit: OpsPerSecond,
          stacked: true,
          series: [
            [
              '{{path}}',
              `sum by (path) (rate(offload_import_chunks_total{${everywhere}}[$__rate_interval]))`,
            ],
          ],
        }),
        graph({
          title: 'Phases, p95',
          says: 'How long imports spend in each phase. A phase that grows while files do not: its statement waits, see “resources”.',
          width: 8,
          unit: Seconds,
          series: [['{{phase}}', `histogram_quantile(0.95, sum by (phase, le) (${phases})) > 0`]],
        }),
        graph({
          title: 'Time for a chunk',
          says: 'From taken to committed. Normal: a second or so. Tens of seconds: locks, a slow disk, or too many at once.',
          width: 8,
          unit: Seconds,
          series: [
            ['p99', `histogram_quantile(0.99, sum by (le) (${loads}))`],
            ['p50', `histogram_quantile(0.5, sum by (le) (${loads}))`],
          ],
        }),
        graph({
          title: 'Chunks that wait',
          says: 'Ready and taken, in the queue ingest.load-chunk. Normal: falls while an import runs. Empty without RABBITMQ_MANAGEMENT_URL.',
          width: 8,
          unit: Short,
          series: [
            [
              '{{state}}',
              `max by (state) (offload_queue_messages{${everywhere},queue="ingest.load-chunk"})`,
            ],
          ],
        }),
      ],
    },
    {
      title: 'Files',
      panels: [
        graph({
          title: 'Uploads',
          says: 'By state. Receiving that only grows: clients that never finish (they expire). Scanning that grows: the virus scanner is away.',
          width: 12,
          unit: Short,
          stacked: true,
          series: [
            [
              '{{state}}',
              `max by (state) (offload_uploads{${everywhere},state=~"receiving|received|scanning|quarantined"})`,
            ],
          ],
        }),
        graph({
          title: 'Bytes received',
          says: 'A second, of all gateways.',
          width: 12,
          unit: BytesPerSecondIEC,
          series: [
            ['received', `sum(rate(offload_upload_bytes_total{${everywhere}}[$__rate_interval]))`],
          ],
        }),
      ],
    },
    {
      title: 'Who watches',
      panels: [
        graph({
          title: 'Event streams open',
          says: 'By gateway. Normal: spread evenly. A fall and a rise at once: clients resumed elsewhere, as they should.',
          width: 8,
          unit: Short,
          stacked: true,
          series: [['{{instance}}', `sum by (instance) (offload_sse_streams{${here}})`]],
        }),
        graph({
          title: 'Opened and closed',
          says: 'Streams a second; closed with the reason. Many that open and close at once: a proxy in between cuts them.',
          width: 8,
          unit: Short,
          series: [
            ['opened', `sum(rate(offload_sse_streams_opened_total{${here}}[$__rate_interval]))`],
            [
              'closed: {{reason}}',
              `sum by (reason) (rate(offload_sse_streams_closed_total{${here}}[$__rate_interval]))`,
            ],
          ],
        }),
        graph({
          title: 'Events sent',
          says: 'A second, to all streams. Normal: at most four for each import and stream.',
          width: 8,
          unit: EventsPerSecond,
          series: [['sent', `sum(rate(offload_sse_events_sent_total{${here}}[$__rate_interval]))`]],
        }),
      ],
    },
  ],
});
