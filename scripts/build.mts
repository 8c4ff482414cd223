import { rmSync } from 'node:fs';
import { ensureBuilt } from './lib/build-output.mts';
import { runScript } from './lib/lifetime.mts';
import { inRepository } from './lib/repository.mts';
import { mustRun } from './lib/run-program.mts';

/** Checks the types and compiles everything into dist/ anew. */
await runScript(async () => {
  rmSync(inRepository('dist'), { recursive: true, force: true });
  await Promise.all([ensureBuilt(), mustRun('tsc', ['--noEmit'], { cwd: inRepository() })]);
  return 0;
});
