import { globSync, readFileSync } from 'node:fs';

/** The compliance suite is only worth something when no handler can be without it. */
describe('every handler', () => {
  const sources = globSync('{apps,libs}/**/*.ts', { exclude: ['**/node_modules/**'] }).map(
    (path) => ({
      path,
      text: readFileSync(path, 'utf8'),
    }),
  );
  const specs = sources.filter(({ path }) => path.endsWith('.int.spec.ts'));
  const handlers = sources
    .filter(({ path }) => path.startsWith('apps/') && path.endsWith('.handler.ts'))
    .flatMap(({ text }) =>
      [...text.matchAll(/@Handles\([^)]*\)\s*export class (\w+)/g)].map((match) => match[1] ?? ''),
    );

  it.each(handlers)('%s runs the compliance suite', (handler) => {
    const covered = specs.filter(({ text }) => text.includes(`describeHandler(${handler}`));

    expect(covered).not.toEqual([]);
  });
});
