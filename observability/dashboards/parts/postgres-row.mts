import { BytesIEC, PercentUnit, Seconds, Short } from '@grafana/grafana-foundation-sdk/units';
import type { Row } from './dashboard.mts';
import { orangeThenRed } from './limits.mts';
import { graph } from './panel.mts';

/** What PostgreSQL tells through postgres_exporter, for installations that have it. */
export const postgresRow: Row = {
  title: 'PostgreSQL (optional: needs postgres_exporter to be scraped)',
  isClosed: true,
  panels: [
    graph({
      title: 'Connections',
      says: 'Share of max_connections, of all clients. Normal: below 80 %. At 100 % nobody gets in: make the pools smaller, or max_connections larger.',
      width: 8,
      unit: PercentUnit,
      max: 1,
      limits: orangeThenRed(0.8, 0.95),
      series: [
        [
          '{{instance}}',
          'sum by (instance) (pg_stat_database_numbackends) / on (instance) pg_settings_max_connections',
        ],
      ],
    }),
    graph({
      title: 'Longest transaction',
      says: 'By state. Normal: seconds, minutes while a dataset is replaced. Idle in transaction for minutes: it was not given back.',
      width: 8,
      unit: Seconds,
      series: [
        ['{{datname}} {{state}}', 'max by (datname, state) (pg_stat_activity_max_tx_duration) > 1'],
      ],
    }),
    graph({
      title: 'Commits and rollbacks',
      says: 'A second. Rollbacks follow failures and refused rows; as many as commits is a fault.',
      width: 8,
      unit: Short,
      series: [
        [
          '{{datname}} commits',
          'sum by (datname) (rate(pg_stat_database_xact_commit[$__rate_interval])) > 0',
        ],
        [
          '{{datname}} rollbacks',
          'sum by (datname) (rate(pg_stat_database_xact_rollback[$__rate_interval])) > 0',
        ],
      ],
    }),
    graph({
      title: 'Size',
      says: 'By database. Normal: grows with what is imported. See that the disk lasts for weeks.',
      width: 8,
      unit: BytesIEC,
      series: [['{{datname}}', 'max by (datname) (pg_database_size_bytes)']],
    }),
    graph({
      title: 'Locks',
      says: 'By mode. Normal: hills while imports run. accessexclusivelock for minutes: everybody waits for that statement.',
      width: 8,
      unit: Short,
      series: [['{{mode}}', 'sum by (mode) (pg_locks_count) > 0']],
    }),
    graph({
      title: 'Deadlocks',
      says: 'Over the time between two points. Normal: 0. One is tried again by itself; many are a fault of ours: report them.',
      width: 8,
      unit: Short,
      series: [
        [
          '{{datname}}',
          'sum by (datname) (increase(pg_stat_database_deadlocks[$__rate_interval])) > 0',
        ],
      ],
    }),
  ],
};
