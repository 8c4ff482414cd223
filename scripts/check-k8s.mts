import { ensureBuilt } from './lib/build-output.mts';
import { build, combinations, unusedComponents } from './lib/k8s/build.mts';
import { checkObjects } from './lib/k8s/check-objects.mts';
import { readFacts } from './lib/k8s/facts.mts';
import { findKubectl } from './lib/k8s/kubectl.mts';
import type { KubernetesObject } from './lib/k8s/object.mts';
import { describeProblem } from './lib/k8s/problem.mts';
import { checkSchema, schemasBite } from './lib/k8s/schemas.mts';
import { runScript } from './lib/lifetime.mts';

/**
 * npm run check:k8s
 *
 * Builds every overlay and every combination of k8s/tests, and tells what a cluster would refuse, drop
 * without a word, or let fail later: by the schemas of Kubernetes and of the operators, by what the
 * objects refer to in one another, and by what our services are told in them.
 */
await runScript(async () => {
  await ensureBuilt();
  const kubectl = await findKubectl();
  const facts = readFacts();
  if (!(await schemasBite())) {
    console.error(
      'The schemas find nothing wrong in a broken object: see scripts/lib/k8s/schemas.mts.',
    );
    return 1;
  }
  const told = new Set<string>();
  const all = combinations();
  const builds = await Promise.all(all.map(async (each) => build(kubectl, each)));
  for (const [place, objects] of builds.entries()) {
    const bySchema = (await Promise.all(objects.map(checkSchema))).flat();
    const problems = [...bySchema, ...checkObjects(objects, facts)];
    tellRow(all[place]?.name ?? '', objects, problems.length === 0);
    for (const each of problems) {
      // What is wrong in the base is wrong everywhere, and told once.
      const what = describeProblem({ ...each, file: undefined });
      if (!told.has(what)) console.error(`       ${describeProblem(each)}`);
      told.add(what);
    }
  }
  const unused = unusedComponents();
  for (const name of unused) {
    console.error(
      `k8s/components/${name} is in no overlay and in no k8s/tests/*. Add it to one, so that it is built.`,
    );
  }
  return told.size + unused.length === 0 ? 0 : 1;
});

function tellRow(name: string, objects: KubernetesObject[], isGood: boolean): void {
  const kinds = new Set(objects.map(({ kind }) => kind)).size;
  const count = String(objects.length).padStart(3);
  console.log(
    `${isGood ? 'ok    ' : 'FAILED'} ${name.padEnd(34)} ${count} objects of ${kinds} kinds`,
  );
}
