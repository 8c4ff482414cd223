import type { IPodSpec } from 'kubernetes-models/v1/PodSpec';

/** An object as kustomize writes it; what is in it is looked at with `valueAt`, since nothing is sure of it yet. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Labels;
    annotations?: Record<string, string>;
  };
  [field: string]: unknown;
}

export type Labels = Record<string, string>;

/** Pods that run when the object is applied: its own template, or what an operator makes of it. */
export interface Pods {
  owner: KubernetesObject;
  labels: Labels;
  /** Where the spec is in the owner; absent where an operator writes it. */
  template?: { field: string; spec: IPodSpec };
}

/** Where kustomize says that an object was read; see `buildMetadata` in build.mts. */
export const originAnnotation = 'config.kubernetes.io/origin';

export function titleOf({ kind, metadata: { name } }: KubernetesObject): string {
  return `${kind} ${name}`;
}

export function originOf({ metadata }: KubernetesObject): string | undefined {
  const origin = metadata.annotations?.[originAnnotation];
  const path = origin === undefined ? undefined : /(?:path|configuredIn): (\S+)/.exec(origin)?.[1];
  return path?.replace(/^(\.\.\/)+/, '');
}

/** The value at a path such as `spec.template.metadata.labels`, or undefined where there is none. */
export function valueAt<T = unknown>(object: unknown, path: string): T | undefined {
  const found = path.split('.').reduce<unknown>((value, key) => {
    return typeof value === 'object' && value !== null ? Object(value)[key] : undefined;
  }, object);
  return found as T | undefined;
}

export function ofKind(objects: KubernetesObject[], ...kinds: string[]): KubernetesObject[] {
  return objects.filter(({ kind }) => kinds.includes(kind));
}

export function find(
  objects: KubernetesObject[],
  kind: string,
  name: string,
): KubernetesObject | undefined {
  return objects.find((each) => each.kind === kind && each.metadata.name === name);
}

const TEMPLATES: Record<string, string> = {
  Deployment: 'spec.template',
  StatefulSet: 'spec.template',
  DaemonSet: 'spec.template',
  Job: 'spec.template',
  CronJob: 'spec.jobTemplate.spec.template',
};

export function podsOf(objects: KubernetesObject[]): Pods[] {
  return objects.flatMap((owner): Pods[] => {
    const field = TEMPLATES[owner.kind];
    if (field !== undefined) {
      const spec = valueAt<IPodSpec>(owner, `${field}.spec`);
      const labels = valueAt<Labels>(owner, `${field}.metadata.labels`) ?? {};
      return spec ? [{ owner, labels, template: { field: `${field}.spec`, spec } }] : [];
    }
    const { name } = owner.metadata;
    // The labels that each operator documents for its pods.
    if (owner.apiVersion.startsWith('postgresql.cnpg.io/') && owner.kind === 'Cluster') {
      const inherited = valueAt<Labels>(owner, 'spec.inheritedMetadata.labels');
      return [{ owner, labels: { ...inherited, 'cnpg.io/cluster': name } }];
    }
    if (owner.kind === 'RabbitmqCluster') {
      const own = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/component': 'rabbitmq' };
      return [{ owner, labels: { ...owner.metadata.labels, ...own } }];
    }
    return [];
  });
}

/** Pods whose templates we write ourselves. */
export function templatesOf(objects: KubernetesObject[]): Required<Pods>[] {
  return podsOf(objects).filter((pods): pods is Required<Pods> => pods.template !== undefined);
}

/** Every container, with those that run before the others. */
export function containersOf({ template: { field, spec } }: Required<Pods>): {
  container: IPodSpec['containers'][number];
  field: string;
}[] {
  return (['initContainers', 'containers'] as const).flatMap((list) =>
    (spec[list] ?? []).map((container, place) => ({
      container,
      field: `${field}.${list}[${place}]`,
    })),
  );
}
