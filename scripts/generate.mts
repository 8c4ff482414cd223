import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ensureBuilt } from './lib/build-output.mts';
import { generatedDocuments } from './lib/generated-documents.mts';
import { runScript } from './lib/lifetime.mts';
import { inRepository } from './lib/repository.mts';

/**
 * npm run generate [-- --check]
 *
 * Writes docs/generated/ from the code, and from observability/ what Kubernetes needs of it. With --check it writes nothing and fails where a document is
 * not what the code says, so that reviewers read the effects of a change as a diff.
 */
await runScript(async () => {
  await ensureBuilt();
  const isCheck = process.argv.includes('--check');
  const stale: string[] = [];
  for (const [path, text] of await generatedDocuments()) {
    const file = inRepository(path);
    if (readOrUndefined(file) === text) continue;
    stale.push(path);
    if (isCheck) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    console.log(`wrote ${path}`);
  }
  if (!isCheck || stale.length === 0) return 0;
  console.error(`Not what the code says: ${stale.join(', ')}. Run: npm run generate`);
  return 1;
});

function readOrUndefined(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
