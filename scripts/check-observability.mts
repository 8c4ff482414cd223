import { runScript } from './lib/lifetime.mts';
import { ask } from './lib/observability/ask-prometheus.mts';
import { alertProblems } from './lib/observability/check-alerts.mts';
import { dashboardProblems } from './lib/observability/check-dashboards.mts';
import { unknownNames } from './lib/observability/check-names.mts';
import { knownMetrics } from './lib/observability/known-metrics.mts';
import { findPromtool, ruleProblems, syntaxProblems } from './lib/observability/promtool.mts';
import { dashboardQueries, type Query, ruleQueries } from './lib/observability/queries.mts';

/**
 * npm run check:observability [-- --live http://127.0.0.1:9090]
 *
 * Whether dashboards and alerts can be relied on: every metric, label and value they name exists, every
 * query parses, every alert has words, a page and tests, and the tests hold. With --live it asks a
 * Prometheus all of the dashboards' queries instead, and tells which it refuses and which are empty.
 */
await runScript(async () => {
  const live = process.argv.indexOf('--live');
  if (live !== -1) return askAll(process.argv[live + 1], dashboardQueries());

  const queries = [...dashboardQueries(), ...ruleQueries()];
  const known = knownMetrics();
  const problems = [
    ...dashboardProblems(),
    ...alertProblems(),
    ...queries.flatMap((query) =>
      unknownNames(query, known).map((problem) => `${query.where}: ${problem}`),
    ),
  ];
  const promtool = await findPromtool();
  if (promtool) {
    problems.push(...(await ruleProblems(promtool)), ...(await syntaxProblems(promtool, queries)));
  } else if (process.env['CI']) {
    problems.push(`No promtool, which checks queries and alerts. ${wherePromtoolIs()}`);
  } else {
    console.log(`Skipped: whether queries parse and alerts fire. ${wherePromtoolIs()}`);
  }
  for (const problem of problems) console.error(problem);
  if (problems.length === 0) console.log(`${queries.length} queries and all alerts are in order.`);
  return problems.length === 0 ? 0 : 1;
});

function wherePromtoolIs(): string {
  return (
    'Install it (Debian and Ubuntu: apt-get install prometheus; elsewhere it comes with ' +
    'https://prometheus.io/download) and put it on PATH.'
  );
}

async function askAll(url: string | undefined, queries: Query[]): Promise<number> {
  if (!url) throw new Error('Say which Prometheus: --live http://127.0.0.1:9090');
  let refused = 0;
  let empty = 0;
  for (const query of queries) {
    const answer = await ask(url, query);
    if ('error' in answer) {
      refused++;
      console.error(`REFUSED ${query.where}: ${answer.error}\n        ${query.expr}`);
    } else if (answer.series === 0) {
      empty++;
      const name = query.isOptional ? 'optional' : 'empty';
      console.log(`${name.padEnd(8)} ${query.where}\n         ${query.expr}`);
    }
  }
  console.log(`${queries.length} queries: ${refused} refused, ${empty} without an answer.`);
  return refused === 0 ? 0 : 1;
}
