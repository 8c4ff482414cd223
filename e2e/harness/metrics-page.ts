import { readFileSync } from 'node:fs';

/** A metric as docs/generated/metrics.md has it. */
export interface ListedMetric {
  name: string;
  /** The labels whose values are all listed. */
  closed: Record<string, Set<string>>;
}

/** The metrics that the generated page lists for a service. */
export function listedMetrics(service: string): ListedMetric[] {
  const page = readFileSync('docs/generated/metrics.md', 'utf8');
  return page
    .split(/^## /m)
    .filter((section) => section.startsWith('Every service') || section.startsWith(service))
    .flatMap((section) => section.split('\n'))
    .flatMap(readRow);
}

function readRow(line: string): ListedMetric[] {
  const [, name, , , labels] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
  const metric = /^`(\w+)`$/.exec(name ?? '')?.[1];
  if (metric === undefined) return [];
  return [
    { name: metric, closed: Object.fromEntries((labels ?? '').split('<br>').flatMap(readLabel)) },
  ];
}

/** Values that are told in words are not listed. */
function readLabel(cell: string): [string, Set<string>][] {
  const [, label, values] = /^`(\w+)`: ((?:`[^`]+`(?:, )?)+)$/.exec(cell) ?? [];
  if (label === undefined || values === undefined) return [];
  return [[label, new Set([...values.matchAll(/`([^`]+)`/g)].map(([, value = '']) => value))]];
}
