import { stringify } from 'yaml';
import { dashboards } from '../../../observability/dashboards/index.mts';
import { readRules } from './rules.mts';

const FOLDER = 'k8s/components/monitoring';

/**
 * What Grafana and the Prometheus operator read, by path: a file for each dashboard, and our rules as they
 * want them. Compose mounts the same dashboards, and the rules as they are.
 */
export function observabilityFiles(): [path: string, text: string][] {
  return [
    ...Object.entries(dashboards).map(([name, dashboard]): [string, string] => [
      `${FOLDER}/dashboards/${name}.json`,
      JSON.stringify(dashboard, null, 2),
    ]),
    [`${FOLDER}/prometheus-rule.yaml`, prometheusRule()],
  ];
}

function prometheusRule(): string {
  const rule = {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'offload', labels: { 'app.kubernetes.io/name': 'offload' } },
    spec: { groups: readRules() },
  };
  const from =
    '# Generated from observability/alerts/offload.rules.yml by `npm run generate`. Do not edit.';
  return `${from}\n${stringify(rule, { lineWidth: 0 })}`;
}
