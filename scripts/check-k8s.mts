import { ensureBuilt } from './lib/build-output.mts';
import { build, combinations, unusedComponents } from './lib/k8s/build.mts';
import { checkObjects } from './lib/k8s/check-objects.mts';
import { readFacts } from './lib/k8s/facts.mts';
import { findKubectl } from './lib/k8s/kubectl.mts';
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
    const { name } = all[place] ?? { name: '' };
    const bySchema = (await Promise.all(objects.map(checkSchema))).flat();
    const problems = [...bySchema, ...checkObjects(objects, facts)].map(describeProblem);
    const kinds = new Set(objects.map(({ kind }) => kind)).size;
    console.log(
      `${problems.length === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(34)} ${String(objects.length).padStart(3)} objects of ${kinds} kinds`,
    );
    // What is wrong in the base is wrong everywhere and told once.
    for (const each of problems.filter((one) => !told.has(one))) console.error(`       ${each}`);
    for (const each of problems) told.add(each);
  }
  const unused = unusedComponents();
  for (const name of unused) {
    console.error(
      `k8s/components/${name} is in no overlay and in no k8s/tests/*. Add it to one, so that it is built.`,
    );
  }
  return told.size + unused.length === 0 ? 0 : 1;
});
