import { existsSync, readFileSync } from 'node:fs';
import { inRepository } from '../repository.mts';
import { knownMetrics } from './known-metrics.mts';
import { alertsOf, readRules, readRuleTests, RULES, RULE_TESTS } from './rules.mts';

const PAGE = 'docs/runbooks/alerts.md';

/**
 * What an alert owes to whoever it wakes: a severity, words, a page that says what to do, and a proof
 * that it fires when it should and is silent when it should be.
 */
export function alertProblems(): string[] {
  const alerts = alertsOf(readRules());
  const tests = readRuleTests().flatMap((test) => test.alert_rule_test ?? []);
  const isTested = (alert: string, fires: boolean): boolean =>
    tests.some(
      ({ alertname, exp_alerts: expected = [] }) =>
        alertname === alert && expected.length > 0 === fires,
    );
  const problems = alerts.flatMap(({ alert, labels, annotations = {} }) => [
    ...(['page', 'ticket'].includes(labels?.['severity'] ?? '')
      ? []
      : [`${RULES}: ${alert} needs severity: page or ticket`]),
    ...['summary', 'description', 'runbook_url']
      .filter((each) => !annotations[each])
      .map((each) => `${RULES}: ${alert} needs the annotation ${each}`),
    ...linksOf(annotations['runbook_url'] ?? '')
      .filter(leadsNowhere)
      .map((link) => `${RULES}: ${alert} leads to ${link}, and there is no such heading`),
    ...(isTested(alert, true) ? [] : [`${RULE_TESTS}: no test makes ${alert} fire`]),
    ...(isTested(alert, false) ? [] : [`${RULE_TESTS}: no test keeps ${alert} silent`]),
  ]);
  const names = new Set(alerts.map(({ alert }) => alert));
  const left = headingsOf(PAGE).filter((each) => each.startsWith('Offload') && !names.has(each));
  return [...problems, ...left.map((each) => `${PAGE}: there is no alert ${each}`)];
}

/** A link that ends with a label's value is one link for each value. */
function linksOf(link: string): string[] {
  const [, before, label] = /^(.*)\{\{ \$labels\.(\w+) \}\}$/.exec(link) ?? [];
  if (before === undefined || label === undefined) return [link];
  const values = [...knownMetrics().values()].flatMap((labels) => labels.get(label) ?? []);
  return values.map((value) => before + value);
}

function leadsNowhere(link: string): boolean {
  const [page = '', anchor = ''] = link.split('#');
  return !headingsOf(page).some((heading) => heading.toLowerCase() === anchor);
}

function headingsOf(page: string): string[] {
  const file = inRepository(page);
  if (!existsSync(file)) return [];
  return [...readFileSync(file, 'utf8').matchAll(/^## (.*)$/gm)].map(([, heading = '']) => heading);
}
