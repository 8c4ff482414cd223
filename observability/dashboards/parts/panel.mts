import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import type { Panel as GrafanaPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import {
  DataqueryBuilder,
  type Dataquery,
  PromQueryFormat,
} from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimelineBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as TextBuilder, TextMode } from '@grafana/grafana-foundation-sdk/text';
import { PanelBuilder as GraphBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { dataSource } from './data-source.mts';
import { type Limits, noLimits, thresholdsOf } from './limits.mts';
import { type Meaning, mappingsOf } from './meaning.mts';

/** One panel before it has its place. Its builder is only asked for what the layout does not decide. */
export interface Panel {
  /** Of the 24 columns of the grid. */
  width: number;
  height: number;
  build: () => GrafanaPanel;
}

/** Legend and query, in the order they are drawn. `{{label}}` in a legend is the label's value. */
export type Series = [legend: string, query: string];

interface Shown {
  title: string;
  /** What is normal and what to do when it is not: the first thing somebody reads who does not know the panel. */
  says: string;
  width: number;
  height?: number;
  series: Series[];
}

/** Values over time, one line each; `stacked` where their sum means something. */
export function graph(
  shown: Shown & { unit: string; limits?: Limits; stacked?: boolean; max?: number },
): Panel {
  const { limits = noLimits, stacked = false, unit, max } = shown;
  const tooltip = new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi);
  // oxlint-disable-next-line unicorn/no-array-sort -- a setting of the tooltip, not an array.
  tooltip.sort(SortOrder.Descending);
  const panel = new GraphBuilder()
    .unit(unit)
    .min(0)
    .lineWidth(1)
    .fillOpacity(stacked ? 40 : 8)
    .showPoints(VisibilityMode.Never)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .calcs(['lastNotNull', 'max']),
    )
    .tooltip(tooltip)
    .thresholds(thresholdsOf(limits))
    .thresholdsStyle(
      new GraphThresholdsStyleConfigBuilder().mode(
        limits === noLimits ? GraphThresholdsStyleMode.Off : GraphThresholdsStyleMode.Dashed,
      ),
    );
  if (max !== undefined) panel.max(max);
  if (stacked) panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));
  return asPanel(shown, panel, { height: 8, query: (series) => queryOf(series).range() });
}

/**
 * The figure of this moment, coloured by its limits. It asks for this moment alone: the last of a range would
 * go on showing what was known before whoever tells it went away.
 */
export function figure(
  shown: Shown & { unit: string; limits?: Limits; decimals?: number; named?: boolean },
): Panel {
  const { limits = noLimits, unit, decimals, named = false } = shown;
  const panel = new StatBuilder()
    .unit(unit)
    .thresholds(thresholdsOf(limits))
    .colorMode(limits === noLimits ? BigValueColorMode.None : BigValueColorMode.Background)
    .graphMode(BigValueGraphMode.None)
    .textMode(named ? BigValueTextMode.ValueAndName : BigValueTextMode.Value)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false))
    .noValue('no data');
  if (decimals !== undefined) panel.decimals(decimals);
  return asPanel(shown, panel, { height: 4, query: (series) => queryOf(series).instant() });
}

/** A bar for each thing, coloured by the state it was in: since when, and where. */
export function timeline(shown: Shown & { meaning: Meaning; nothing: string }): Panel {
  const panel = new TimelineBuilder()
    .mappings(mappingsOf(shown.meaning))
    .showValue(VisibilityMode.Never)
    .rowHeight(0.8)
    .mergeValues(true)
    .noValue(shown.nothing)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true),
    );
  return asPanel(shown, panel, { height: 7, query: (series) => queryOf(series).range() });
}

/** Markdown, for what has to be read and not measured. */
export function words(title: string, markdown: string, height: number): Panel {
  const panel = new TextBuilder().title(title).mode(TextMode.Markdown).content(markdown);
  return { width: 24, height, build: () => panel.build() };
}

interface Drawable extends Builder<GrafanaPanel> {
  title(title: string): unknown;
  description(description: string): unknown;
  datasource(reference: typeof dataSource): unknown;
  withTarget(target: Builder<Dataquery>): unknown;
}

function asPanel(
  { title, says, width, height, series }: Shown,
  panel: Drawable,
  usual: { height: number; query: (series: Series) => DataqueryBuilder },
): Panel {
  panel.title(title);
  panel.description(says);
  panel.datasource(dataSource);
  for (const [place, each] of series.entries()) {
    panel.withTarget(usual.query(each).refId(String.fromCodePoint(65 + place)));
  }
  return { width, height: height ?? usual.height, build: () => panel.build() };
}

function queryOf([legend, query]: Series): DataqueryBuilder {
  return new DataqueryBuilder()
    .datasource(dataSource)
    .expr(query)
    .legendFormat(legend)
    .format(PromQueryFormat.TimeSeries);
}
