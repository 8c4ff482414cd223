import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { inRepository } from '../repository.mts';
import { mustRun } from '../run-program.mts';
import type { KubernetesObject } from './object.mts';

/** Something that can be applied: an overlay, or a combination of components that only tests build. */
export interface Combination {
  /** As in `overlays/production`. */
  name: string;
  folder: string;
}

export function combinations(): Combination[] {
  return globSync('k8s/{overlays,tests}/*/kustomization.yaml', { cwd: inRepository() })
    .toSorted()
    .map((file) => {
      const folder = dirname(file);
      return {
        name: `${basename(dirname(folder))}/${basename(folder)}`,
        folder: inRepository(folder),
      };
    });
}

/**
 * The objects of a combination, each with the file it comes from.
 *
 * They are built through a kustomization of our own, since only that can ask for the origins.
 */
export async function build(
  kubectl: string,
  { name, folder }: Combination,
): Promise<KubernetesObject[]> {
  const wrapper = inRepository('.data/k8s', name);
  mkdirSync(wrapper, { recursive: true });
  const kustomization = {
    resources: [relative(wrapper, folder)],
    buildMetadata: ['originAnnotations'],
  };
  writeFileSync(join(wrapper, 'kustomization.yaml'), JSON.stringify(kustomization));
  const output = await mustRun(kubectl, ['kustomize', wrapper]);
  return parseAllDocuments(output).map((document) => document.toJS() as KubernetesObject);
}

/** Components that no combination uses, and which therefore nobody looks at. */
export function unusedComponents(): string[] {
  const files = globSync('k8s/**/kustomization.yaml', { cwd: inRepository() });
  const used = new Set(files.flatMap(componentsIn));
  return files
    .filter((file) => file.startsWith('k8s/components/'))
    .map((file) => basename(dirname(file)))
    .filter((name) => !used.has(name));
}

function componentsIn(file: string): string[] {
  const { components = [] } = parse(readFileSync(inRepository(file), 'utf8')) as {
    components?: string[];
  };
  return components.map((path) => basename(path));
}
