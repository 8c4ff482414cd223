import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { findProgram } from '../find-program.mts';
import { installPackage } from '../install-package.mts';
import { inRepository } from '../repository.mts';
import { runProgram } from '../run-program.mts';
import type { Query } from './queries.mts';
import { RULES, ruleTestFiles } from './rules.mts';

/** The path of promtool, from PATH or from Debian's package `prometheus`; undefined where neither is open. */
export async function findPromtool(): Promise<string | undefined> {
  const found = findProgram('promtool');
  if (found) return found;
  await installPackage('prometheus');
  return findProgram('promtool');
}

/** The rules are valid, and their tests hold. */
export async function ruleProblems(promtool: string): Promise<string[]> {
  const checked = await complaintOf(promtool, ['check', 'rules', '--lint-fatal', RULES]);
  return checked.length > 0
    ? checked
    : complaintOf(promtool, ['test', 'rules', ...ruleTestFiles()]);
}

/** Whether every query parses: promtool takes no single expression, but a rule for each. */
export async function syntaxProblems(promtool: string, queries: Query[]): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'offload-queries-'));
  const rules = queries.map(({ where, expr }, at) => ({
    record: `query_${at}`,
    expr,
    labels: { where },
  }));
  try {
    const file = join(folder, 'queries.yml');
    writeFileSync(file, stringify({ groups: [{ name: 'queries', rules }] }));
    const complaint = await complaintOf(promtool, ['check', 'rules', file]);
    return complaint.map((text) => named(text, queries));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function complaintOf(promtool: string, args: string[]): Promise<string[]> {
  const { code, output } = await runProgram(promtool, args, { cwd: inRepository() });
  return code === 0 ? [] : [output.trim()];
}

/** Promtool counts rules; people know panels. */
function named(complaint: string, queries: Query[]): string {
  return complaint.replaceAll(
    /query_(\d+)/g,
    (name, at: string) => queries[Number(at)]?.where ?? name,
  );
}
