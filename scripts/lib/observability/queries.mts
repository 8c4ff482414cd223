import type { Dashboard, Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboards } from '../../../observability/dashboards/index.mts';
import { readRules } from './rules.mts';

export interface Query {
  /** For a person: the file and the panel or rule. */
  where: string;
  /** Without Grafana's variables: every value, intervals of a minute or more. */
  expr: string;
  /** Of a row that stands on somebody else's exporter. */
  isOptional: boolean;
}

/** Every query of every dashboard: of panels, variables and annotations. */
export function dashboardQueries(): Query[] {
  return Object.entries(dashboards).flatMap(([name, dashboard]) => [
    ...panelsOf(dashboard).flatMap(({ panel, isOptional }) =>
      exprsIn(panel.targets ?? []).map((expr) => ({
        where: `${name} “${panel.title ?? ''}”`,
        expr: filledIn(expr),
        isOptional,
      })),
    ),
    ...exprsIn(dashboard.annotations.list ?? []).map((expr) => ({
      where: `${name}, its annotation`,
      expr: filledIn(expr),
      isOptional: false,
    })),
    ...variableQueries(dashboard).map((expr) => ({
      where: `${name}, a variable`,
      expr: filledIn(expr),
      isOptional: false,
    })),
  ]);
}

export function ruleQueries(): Query[] {
  return readRules().flatMap(({ rules }) =>
    rules.map(({ alert, record = '', expr }) => ({
      where: `rule ${alert ?? record}`,
      expr,
      isOptional: false,
    })),
  );
}

export function panelsOf({ panels = [] }: Dashboard): { panel: Panel; isOptional: boolean }[] {
  return panels.flatMap((panel) =>
    isRow(panel)
      ? panel.panels.map((inner) => ({
          panel: inner,
          isOptional: panel.title?.includes('(optional') ?? false,
        }))
      : { panel, isOptional: false },
  );
}

function isRow(panel: Panel | RowPanel): panel is RowPanel {
  return panel.type === 'row';
}

function exprsIn(things: object[]): string[] {
  return things.flatMap((each) =>
    'expr' in each && typeof each.expr === 'string' ? [each.expr] : [],
  );
}

/** `label_values(selector, label)` asks for that label of these series. */
function variableQueries({ templating }: Dashboard): string[] {
  return (templating.list ?? []).flatMap(({ query }) => {
    const text = typeof query === 'object' ? String(query['query']) : '';
    const [, selector, label] = /^label_values\((.*), (\w+)\)$/.exec(text) ?? [];
    return selector === undefined || label === undefined
      ? []
      : [`count by (${label}) (${selector})`];
  });
}

function filledIn(expr: string): string {
  return expr
    .replaceAll('$__rate_interval', '2m')
    .replaceAll('$__interval', '1m')
    .replaceAll('$__range', '1h')
    .replaceAll('$job', 'gateway|ingest|notifier')
    .replaceAll(/\$\w+/g, '.*');
}
