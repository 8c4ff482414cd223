import { globSync } from 'node:fs';
import type * as Platform from '@offload/platform';
import { inRepository } from './repository.mts';
import { SERVICES } from './services.mts';

type Metric = Platform.Metric;

/**
 * Every metric as a page, from the files in which they are declared: those of a library are every
 * service's, those of an application are its own. What the process itself is measured by comes from prom-client.
 */
export function metricsPage(load: NodeJS.Require): string {
  const { isMetric, MetricsRegistry } = load(
    './dist/libs/platform/src/index.js',
  ) as typeof Platform;
  const metricsIn = (pattern: string): Metric[] =>
    globSync(`dist/${pattern}/**/*.metrics.js`, { cwd: inRepository() })
      .toSorted()
      .flatMap((file) => Object.values(load(`./${file}`) as Record<string, unknown>))
      .filter(isMetric);
  const ofTheProcess = new MetricsRegistry().getMetricsAsArray().map(fromPromClient);
  return [
    '# Metrics',
    '',
    'Served by every service under `GET /metrics`, on its own port, in the text format of Prometheus. Generated from the `*.metrics.ts` files by `npm run generate`. Do not edit.',
    '',
    'Labels have a closed set of values: no tenant, id, file name or domain. Names end with the unit. A counter begins with zero when its process starts. A gauge that is not known is not shown.',
    'How to read them: [metrics.md](../metrics.md).',
    '',
    ...section('Every service', metricsIn('libs/*/src')),
    ...SERVICES.flatMap((service) => section(service, metricsIn(`apps/${service}/src`))),
    ...section('Every service: the process', ofTheProcess),
  ].join('\n');
}

function section(title: string, metrics: readonly Metric[]): string[] {
  return [
    `## ${title}`,
    '',
    '| metric | type | unit | labels | counts |',
    '| --- | --- | --- | --- | --- |',
    ...metrics
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map((metric) => `| ${row(metric).map(escaped).join(' | ')} |`),
    '',
  ];
}

function row(metric: Metric): string[] {
  const { name, type, help, buckets } = metric;
  const upTo = buckets ? `<br>Buckets up to ${buckets.join(', ')}.` : '';
  return [`\`${name}\``, type, unitOf(name), labelsOf(metric), help + upTo];
}

function labelsOf({ labels }: Metric): string {
  return Object.entries(labels)
    .map(([label, values]) => {
      if (values === '') return `\`${label}\``;
      const told =
        typeof values === 'string' ? values : values.map((value) => `\`${value}\``).join(', ');
      return `\`${label}\`: ${told}`;
    })
    .join('<br>');
}

const units = ['seconds', 'bytes'];

function unitOf(name: string): string {
  const parts = name.split('_');
  return units.find((unit) => parts.includes(unit)) ?? '';
}

interface PromClientMetric {
  name: string;
  help: string;
  type?: string;
  labelNames?: string[];
  buckets?: number[];
}

/** Its types tell less than what is there. */
function fromPromClient(metric: object): Metric {
  const { name, help, type, labelNames = [] } = metric as PromClientMetric;
  return {
    name,
    help,
    type: type as Metric['type'],
    labels: Object.fromEntries(labelNames.map((label) => [label, ''])),
  };
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|');
}
