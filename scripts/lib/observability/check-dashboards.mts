import { dashboards } from '../../../observability/dashboards/index.mts';
import { panelsOf } from './queries.mts';

/** What a dashboard owes to whoever reads it: words in every panel, a unit, and a place of its own. */
export function dashboardProblems(): string[] {
  const uids = Object.values(dashboards).map(({ uid }) => uid);
  const problems = uids
    .filter((uid, at) => uids.indexOf(uid) !== at)
    .map((uid) => `two dashboards have the uid ${uid}`);
  for (const [name, dashboard] of Object.entries(dashboards)) {
    const panels = panelsOf(dashboard).map(({ panel }) => panel);
    const ids = panels.map(({ id }) => id);
    for (const { title = '', type, id, description, fieldConfig } of panels) {
      const told = `${name} “${title}”`;
      if (ids.filter((each) => each === id).length > 1) problems.push(`${told} shares its id`);
      if (type === 'text') continue;
      if (!description) problems.push(`${told} does not say what is normal`);
      if (type !== 'state-timeline' && !fieldConfig?.defaults.unit) {
        problems.push(`${told} has no unit`);
      }
    }
  }
  return problems;
}
