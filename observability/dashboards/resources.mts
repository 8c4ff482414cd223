import { BytesIEC, PercentUnit, Seconds, Short } from '@grafana/grafana-foundation-sdk/units';
import { dashboard } from './parts/dashboard.mts';
import { orangeThenRed, redFrom } from './parts/limits.mts';
import { graph } from './parts/panel.mts';
import { postgresRow } from './parts/postgres-row.mts';
import { everywhere, here } from './parts/scope.mts';

const one = '{{job}} {{instance}}';

/** What each process uses of the machine, of the database and of its own thread. */
export const resources = dashboard({
  uid: 'offload-resources',
  title: 'Offload: resources',
  says: 'What each process uses of the machine, of the database and of its own thread.',
  rows: [
    {
      title: 'Thread',
      panels: [
        graph({
          title: 'CPU',
          says: 'Cores in use. Normal: below 1 for a gateway or a notifier, more for ingest while it loads. Flat at its limit: add replicas.',
          width: 8,
          unit: Short,
          series: [[one, `rate(process_cpu_seconds_total{${here}}[$__rate_interval])`]],
        }),
        graph({
          title: 'Event loop lag, p99',
          says: 'How late the process does everything. Normal: below 50 ms. Above half a second heartbeats come late: find what it computes (event_loop_lag).',
          width: 8,
          unit: Seconds,
          limits: orangeThenRed(0.1, 0.5),
          series: [[one, `nodejs_eventloop_lag_p99_seconds{${here}}`]],
        }),
        graph({
          title: 'Garbage collection',
          says: 'Share of time spent on it. Normal: below 5 %. Rising with the heap: memory runs out.',
          width: 8,
          unit: PercentUnit,
          limits: orangeThenRed(0.1, 0.3),
          series: [
            [
              one,
              `sum by (job, instance) (rate(nodejs_gc_duration_seconds_sum{${here}}[$__rate_interval]))`,
            ],
          ],
        }),
      ],
    },
    {
      title: 'Memory and files',
      panels: [
        graph({
          title: 'Resident memory',
          says: 'Normal: flat after some minutes, below 250 MB, however large the files are. A slope over hours: memory_growth.',
          width: 8,
          unit: BytesIEC,
          series: [[one, `process_resident_memory_bytes{${here}}`]],
        }),
        graph({
          title: 'Heap in use',
          says: 'Of JavaScript. Normal: a saw with a flat foot. A rising foot is a leak; a flat heap below a rising resident memory is buffers.',
          width: 8,
          unit: BytesIEC,
          series: [[one, `nodejs_heap_size_used_bytes{${here}}`]],
        }),
        graph({
          title: 'Buffers',
          says: 'Outside of the heap: what is being read from files and connections. Normal: tens of MB under load, and back.',
          width: 8,
          unit: BytesIEC,
          series: [[one, `nodejs_external_memory_bytes{${here}}`]],
        }),
        graph({
          title: 'Open files',
          says: 'Share of what the process may open; connections count. Normal: below 20 %. A slope: something is not closed.',
          width: 8,
          unit: PercentUnit,
          max: 1,
          limits: orangeThenRed(0.5, 0.8),
          series: [[one, `process_open_fds{${here}} / process_max_fds{${here}}`]],
        }),
        graph({
          title: 'Running since',
          says: 'Normal: a slope of 45 degrees, back to 0 at a release. A saw: it restarts, and its log ends with the reason.',
          width: 8,
          unit: Seconds,
          series: [[one, `time() - process_start_time_seconds{${here}}`]],
        }),
        graph({
          title: 'Requests in flight',
          says: 'By process; event streams are counted for themselves, the scrape is one. Normal: a few. Rising with latency: the database is slow.',
          width: 8,
          unit: Short,
          series: [[one, `offload_http_in_flight{${here}}`]],
        }),
      ],
    },
    {
      title: 'Connections to the database',
      panels: [
        graph({
          title: 'In use',
          says: 'Share of the pool, by process. Normal: below 80 %. At 100 % for minutes: find who holds them (pool_exhausted).',
          width: 8,
          unit: PercentUnit,
          max: 1,
          limits: orangeThenRed(0.8, 1),
          series: [
            [
              one,
              `offload_database_connections{${here},state="in_use"} / on (namespace, job, instance) offload_database_connections_max{${here}}`,
            ],
          ],
        }),
        graph({
          title: 'Waiting for one',
          says: 'Requests that wait for a connection of the pool. Normal: 0. Each is somebody who waits.',
          width: 8,
          unit: Short,
          limits: redFrom(1),
          series: [[one, `offload_database_waiting{${here}}`]],
        }),
        graph({
          title: 'Open, by service',
          says: 'Of all processes together; what all pools may hold has to fit max_connections of PostgreSQL.',
          width: 8,
          unit: Short,
          series: [
            ['{{job}} open', `sum by (job) (offload_database_connections{${everywhere}})`],
            ['{{job}} at most', `sum by (job) (offload_database_connections_max{${everywhere}})`],
          ],
        }),
      ],
    },
    postgresRow,
  ],
});
