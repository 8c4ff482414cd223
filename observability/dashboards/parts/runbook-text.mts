import { readFileSync } from 'node:fs';

const page = new URL('../../../docs/runbooks/alerts.md', import.meta.url);

/**
 * The pages for whoever is on call, to be read where the alarm is looked at. Links into the repository
 * lead nowhere from there, so that only their words are left; Grafana would fill `${…}` in.
 */
export function runbookText(): string {
  return readFileSync(page, 'utf8')
    .replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1')
    .replaceAll('$', '&#36;');
}
