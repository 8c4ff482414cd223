import { readFileSync } from 'node:fs';
import { inRepository } from '../repository.mts';
import { readRules } from './rules.mts';

/** The labels of a metric; their values where they are a closed set, `undefined` where any may come. */
export type Labels = Map<string, string[] | undefined>;

const REFERENCE = 'docs/generated/metrics.md';

/**
 * Every series that a dashboard or an alert may speak of: those of the generated reference, those that
 * our rules record, and the few of others that are listed here.
 */
export function knownMetrics(): Map<string, Labels> {
  return new Map([...ofOurServices(), ...recorded(), ...ofOthers()]);
}

/** What every target carries: Prometheus adds it to the series as it scrapes them. */
export const targetLabels: Labels = new Map([
  ['namespace', undefined],
  ['job', ['gateway', 'ingest', 'notifier']],
  ['instance', undefined],
]);

/** The tables of the reference, row by row; a histogram is three series. */
export function ofOurServices(): Map<string, Labels> {
  const metrics = new Map<string, Labels>();
  for (const line of readReference().split('\n')) {
    const [, name = '', type = '', , told = ''] = line
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim());
    if (!/^`\w+`$/.test(name)) continue;
    const metric = name.slice(1, -1);
    const labels = labelsIn(told);
    if (type === 'gauge' || type === 'counter') metrics.set(metric, labels);
    if (type !== 'histogram' && type !== 'summary') continue;
    metrics.set(`${metric}_bucket`, new Map([...labels, ['le', undefined]]));
    metrics.set(`${metric}_count`, labels);
    metrics.set(`${metric}_sum`, labels);
  }
  return metrics;
}

function readReference(): string {
  try {
    return readFileSync(inRepository(REFERENCE), 'utf8');
  } catch {
    throw new Error(`${REFERENCE} is not there. Make it with: npm run generate`);
  }
}

function labelsIn(told: string): Labels {
  return new Map(
    told.split('<br>').flatMap((each): [string, string[] | undefined][] => {
      const [, label, values = ''] = /^`(\w+)`(?:: (.*))?$/.exec(each) ?? [];
      if (label === undefined) return [];
      const isClosed = /^`[^`]+`(, `[^`]+`)*$/.test(values);
      return [[label, isClosed ? values.slice(1, -1).split('`, `') : undefined]];
    }),
  );
}

/** A rule is named `level:metric:operations`, where the level is its labels. */
function recorded(): Map<string, Labels> {
  const names = readRules().flatMap(({ rules }) => rules.flatMap(({ record }) => record ?? []));
  return new Map(
    names.map((name) => {
      const [level = ''] = name.split(':');
      return [name, new Map(level.split('_').map((label) => [label, undefined]))];
    }),
  );
}

/** Prometheus' own, and of RabbitMQ and postgres_exporter what the optional rows show. */
function ofOthers(): Map<string, Labels> {
  const labels: Record<string, string[]> = {
    up: [],
    ALERTS: ['alertname', 'alertstate', 'severity', 'queue'],
    rabbitmq_disk_space_available_bytes: [],
    rabbitmq_disk_space_available_limit_bytes: [],
    rabbitmq_resident_memory_limit_bytes: [],
    rabbitmq_process_resident_memory_bytes: [],
    rabbitmq_connections: [],
    rabbitmq_channels: [],
    rabbitmq_queue_messages_ready: [],
    rabbitmq_queue_messages_unacked: [],
    rabbitmq_alarms_free_disk_space_watermark: [],
    rabbitmq_alarms_memory_used_watermark: [],
    rabbitmq_alarms_file_descriptor_limit: [],
    pg_stat_database_numbackends: ['datname'],
    pg_settings_max_connections: [],
    pg_stat_activity_max_tx_duration: ['datname', 'state'],
    pg_stat_database_xact_commit: ['datname'],
    pg_stat_database_xact_rollback: ['datname'],
    pg_stat_database_deadlocks: ['datname'],
    pg_database_size_bytes: ['datname'],
    pg_locks_count: ['datname', 'mode'],
  };
  return new Map(
    Object.entries(labels).map(([metric, names]) => [
      metric,
      new Map(names.map((name) => [name, undefined])),
    ]),
  );
}
