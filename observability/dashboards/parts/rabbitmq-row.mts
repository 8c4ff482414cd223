import { BytesIEC, Short } from '@grafana/grafana-foundation-sdk/units';
import type { Row } from './dashboard.mts';
import { redFrom } from './limits.mts';
import { graph } from './panel.mts';

/** What RabbitMQ tells itself (plugin rabbitmq_prometheus), for installations that scrape it. */
export const rabbitmqRow: Row = {
  title: 'RabbitMQ (optional: needs its rabbitmq_prometheus plugin to be scraped)',
  isClosed: true,
  panels: [
    graph({
      title: 'Free disk',
      says: 'Above the limit at which it stops taking messages. Normal: far from 0. At 0 everything that sends is blocked.',
      width: 8,
      unit: BytesIEC,
      series: [
        [
          '{{instance}}',
          'rabbitmq_disk_space_available_bytes - on (instance) rabbitmq_disk_space_available_limit_bytes',
        ],
      ],
    }),
    graph({
      title: 'Free memory',
      says: 'Below its high watermark. Normal: far from 0. At 0 everything that sends is blocked.',
      width: 8,
      unit: BytesIEC,
      series: [
        [
          '{{instance}}',
          'rabbitmq_resident_memory_limit_bytes - on (instance) rabbitmq_process_resident_memory_bytes',
        ],
      ],
    }),
    graph({
      title: 'Connections and channels',
      says: 'Of all clients. Normal: flat. A slope: something opens and does not close.',
      width: 8,
      unit: Short,
      series: [
        ['connections', 'sum(rabbitmq_connections)'],
        ['channels', 'sum(rabbitmq_channels)'],
      ],
    }),
    graph({
      title: 'Messages in the broker',
      says: 'Of all queues, also those of others and the ones that hold retries. Normal: near 0.',
      width: 12,
      unit: Short,
      stacked: true,
      series: [
        ['ready', 'sum(rabbitmq_queue_messages_ready)'],
        ['unacknowledged', 'sum(rabbitmq_queue_messages_unacked)'],
      ],
    }),
    graph({
      title: 'Alarms',
      says: 'Memory, disk, file descriptors. Normal: 0. Above: docs/runbooks/findings.md, broker_alarm.',
      width: 12,
      unit: Short,
      limits: redFrom(1),
      series: [
        ['disk', 'sum(rabbitmq_alarms_free_disk_space_watermark)'],
        ['memory', 'sum(rabbitmq_alarms_memory_used_watermark)'],
        ['file descriptors', 'sum(rabbitmq_alarms_file_descriptor_limit)'],
      ],
    }),
  ],
};
