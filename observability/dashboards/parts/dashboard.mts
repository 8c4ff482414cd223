import {
  AnnotationQueryBuilder,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  type Panel as GrafanaPanel,
  QueryVariableBuilder,
  type RowPanel,
  RowBuilder,
  VariableRefresh,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { dataSource } from './data-source.mts';
import type { Panel } from './panel.mts';
import { here } from './scope.mts';

/** The dashboard that has the pages for whoever is on call, and the panel of it. */
export const runbooks = { uid: 'offload-overview', panel: 900 };

export interface Row {
  title: string;
  panels: Panel[];
  /** Closed until somebody opens it; nothing of it is asked for before. */
  isClosed?: boolean;
  /** The id of its first panel, where something links there. */
  firstId?: number;
}

interface Contents {
  /** Never changes: links, bookmarks and the files of a provisioned Grafana go by it. */
  uid: string;
  title: string;
  says: string;
  /** Variables besides data source, namespace, service and instance, as metric and label. */
  variables?: [name: string, label: string, metric: string][];
  rows: Row[];
}

/**
 * A dashboard with what all of ours have: the variables, the links to the others and to the runbooks,
 * and a mark wherever a process started. The same contents give the same JSON.
 */
export function dashboard({ uid, title, says, variables = [], rows }: Contents): Dashboard {
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .description(says)
    .tags(['offload'])
    .timezone('browser')
    .time({ from: 'now-3h', to: 'now' })
    .refresh('30s')
    .tooltip(DashboardCursorSync.Crosshair)
    .links([
      new DashboardLinkBuilder('Offload')
        .type(DashboardLinkType.Dashboards)
        .tags(['offload'])
        .includeVars(true)
        .keepTime(true),
      new DashboardLinkBuilder('Runbooks')
        .type(DashboardLinkType.Link)
        .icon('doc')
        .tooltip('What each alert means and what to do')
        .url(`/d/${runbooks.uid}?viewPanel=${runbooks.panel}`),
    ])
    .annotation(starts())
    .withVariable(
      new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'),
    )
    .withVariable(choice('namespace', 'Namespace', 'offload_build_info'))
    .withVariable(choice('job', 'Service', 'offload_build_info{namespace=~"$namespace"}', ourJobs))
    .withVariable(
      choice('instance', 'Instance', 'offload_build_info{namespace=~"$namespace",job=~"$job"}'),
    );
  for (const [name, label, metric] of variables) builder.withVariable(choice(name, label, metric));
  return { ...builder.build(), panels: laidOut(rows) };
}

/** Others have metrics of the same names, such as `process_…`. */
const ourJobs = 'gateway|ingest|notifier';

/** All values, or those chosen. "All" also fits series without the label, unless `all` says what it is. */
function choice(label: string, title: string, metric: string, all = '.*'): QueryVariableBuilder {
  return new QueryVariableBuilder(label)
    .label(title)
    .datasource(dataSource)
    .query({ query: `label_values(${metric}, ${label})`, refId: label })
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .multi(true)
    .includeAll(true)
    .allValue(all)
    .current({ selected: true, text: 'All', value: '$__all' });
}

/** Releases and restarts: a process that is less than a minute old, with its version. */
function starts(): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name('Starts')
    .datasource(dataSource)
    .enable(true)
    .iconColor('blue')
    .expr(
      `count by (job, version) ((time() - process_start_time_seconds{${here}} < 60) ` +
        `* on (namespace, job, instance) group_left (version) offload_build_info{${here}})`,
    )
    .step('60s')
    .titleFormat('{{job}} started')
    .textFormat('version {{version}}')
    .tagKeys('job,version');
}

const WIDTH = 24;

/** Left to right, a new line where the width is used up; ids count up from the top. */
function laidOut(rows: Row[]): (GrafanaPanel | RowPanel)[] {
  const placed: (GrafanaPanel | RowPanel)[] = [];
  let y = 0;
  let nextId = 1;
  for (const { title, panels, isClosed = false, firstId } of rows) {
    const header = new RowBuilder(title).id(nextId++).collapsed(isClosed).build();
    header.gridPos = { x: 0, y, w: WIDTH, h: 1 };
    y += 1;
    let x = 0;
    let lineHeight = 0;
    const inRow = panels.map(({ width, height, build }, place): GrafanaPanel => {
      if (x + width > WIDTH) {
        x = 0;
        y += lineHeight;
        lineHeight = 0;
      }
      const gridPos = { x, y, w: width, h: height };
      x += width;
      lineHeight = Math.max(lineHeight, height);
      return { ...build(), id: firstId === undefined ? nextId++ : firstId + place, gridPos };
    });
    y += lineHeight;
    placed.push({ ...header, panels: isClosed ? inRow : [] }, ...(isClosed ? [] : inRow));
  }
  return placed;
}
