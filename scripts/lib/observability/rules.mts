import { globSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { inRepository } from '../repository.mts';

export const RULES = 'observability/alerts/offload.rules.yml';
export const RULE_TESTS = 'observability/alerts/*.rules.test.yml';

export interface RuleGroup {
  name: string;
  rules: Rule[];
}

/** A recorded series has `record`, an alert has `alert`. */
export interface Rule {
  record?: string;
  alert?: string;
  expr: string;
  for?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

export interface RuleTest {
  name?: string;
  alert_rule_test?: { alertname: string; exp_alerts?: unknown[] }[];
}

export function readRules(): RuleGroup[] {
  const { groups } = parse(readFileSync(inRepository(RULES), 'utf8')) as { groups: RuleGroup[] };
  return groups;
}

export function alertsOf(groups: RuleGroup[]): (Rule & { alert: string })[] {
  return groups.flatMap(({ rules }) =>
    rules.flatMap((rule) => (rule.alert === undefined ? [] : { ...rule, alert: rule.alert })),
  );
}

/** Their files, for promtool. */
export function ruleTestFiles(): string[] {
  return globSync(RULE_TESTS, { cwd: inRepository() }).toSorted();
}

export function readRuleTests(): RuleTest[] {
  return ruleTestFiles().flatMap((file) => {
    const { tests } = parse(readFileSync(inRepository(file), 'utf8')) as { tests: RuleTest[] };
    return tests;
  });
}
