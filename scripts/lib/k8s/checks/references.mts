import {
  containersOf,
  find,
  type KubernetesObject,
  ofKind,
  templatesOf,
  valueAt,
} from '../object.mts';
import { type Problem, problem } from '../problem.mts';
import { secretContract } from '../secret-contract.mts';

interface Reference {
  from: KubernetesObject;
  field: string;
  kind: 'ConfigMap' | 'Secret' | 'ServiceAccount' | 'PersistentVolumeClaim';
  name: string;
  key?: string | undefined;
}

/**
 * Whatever a pod, a server or a trigger refers to by name is in the same build, with the key that is
 * wanted; Secrets are those of the contract. In a cluster such a pod would wait for ever.
 */
export function checkReferences(objects: KubernetesObject[]): Problem[] {
  const references = [...podReferences(objects), ...operatorReferences(objects)];
  return references.flatMap((reference) => {
    const message = troubleOf(reference, objects);
    return message === undefined ? [] : [problem(reference.from, reference.field, message)];
  });
}

function troubleOf(
  { kind, name, key }: Reference,
  objects: KubernetesObject[],
): string | undefined {
  if (kind === 'Secret') {
    const keys = secretContract[name];
    if (!keys) {
      return `There is no Secret "${name}". It is one of ${list(Object.keys(secretContract))}; a new one is described in scripts/lib/k8s/secret-contract.mts.`;
    }
    if (key === undefined || keys[key]) return undefined;
    return `The Secret "${name}" has no key "${key}". It is one of ${list(Object.keys(keys))}.`;
  }
  const object = find(objects, kind, name);
  if (!object) return `There is no ${kind} "${name}" in this build. Add it, or correct the name.`;
  if (kind !== 'ConfigMap' || key === undefined) return undefined;
  const data = valueAt<object>(object, 'data') ?? {};
  return key in data
    ? undefined
    : `The ConfigMap "${name}" has no key "${key}". It is one of ${list(Object.keys(data))}.`;
}

function podReferences(objects: KubernetesObject[]): Reference[] {
  return templatesOf(objects).flatMap((pods) => {
    const { owner: from, template } = pods;
    const { field, spec } = template;
    const claimed = valueAt<{ metadata?: { name?: string } }[]>(from, 'spec.volumeClaimTemplates');
    const account: Reference[] = spec.serviceAccountName
      ? [
          {
            from,
            field: `${field}.serviceAccountName`,
            kind: 'ServiceAccount',
            name: spec.serviceAccountName,
          },
        ]
      : [];
    const volumes = (spec.volumes ?? []).flatMap((volume, place): Reference[] => {
      const at = `${field}.volumes[${place}]`;
      const { configMap, secret, persistentVolumeClaim: claim, projected } = volume;
      const sources = projected?.sources ?? [];
      return [
        ...named(from, `${at}.configMap`, 'ConfigMap', configMap?.name, configMap?.items),
        ...named(from, `${at}.secret`, 'Secret', secret?.secretName, secret?.items),
        ...named(from, `${at}.persistentVolumeClaim`, 'PersistentVolumeClaim', claim?.claimName),
        ...sources.flatMap((source, index) => [
          ...named(
            from,
            `${at}.projected.sources[${index}].secret`,
            'Secret',
            source.secret?.name,
            source.secret?.items,
          ),
          ...named(
            from,
            `${at}.projected.sources[${index}].configMap`,
            'ConfigMap',
            source.configMap?.name,
            source.configMap?.items,
          ),
        ]),
      ];
    });
    const variables = containersOf(pods).flatMap(({ container, field: at }): Reference[] => [
      ...(container.envFrom ?? []).flatMap(({ configMapRef, secretRef }, place) => [
        ...named(from, `${at}.envFrom[${place}]`, 'ConfigMap', configMapRef?.name),
        ...named(from, `${at}.envFrom[${place}]`, 'Secret', secretRef?.name),
      ]),
      ...(container.env ?? []).flatMap(({ name, valueFrom }) => {
        const { secretKeyRef: secret, configMapKeyRef: config } = valueFrom ?? {};
        return [
          ...named(from, `${at}.env ${name}`, 'Secret', secret?.name, secret && [secret]),
          ...named(from, `${at}.env ${name}`, 'ConfigMap', config?.name, config && [config]),
        ];
      }),
    ]);
    const claims = new Set((claimed ?? []).map(({ metadata }) => metadata?.name));
    return [...account, ...volumes.filter(({ name }) => !claims.has(name)), ...variables];
  });
}

function operatorReferences(objects: KubernetesObject[]): Reference[] {
  return [
    ...ofKind(objects, 'Cluster').flatMap((from) =>
      named(
        from,
        'spec.bootstrap.initdb.secret',
        'Secret',
        valueAt(from, 'spec.bootstrap.initdb.secret.name'),
      ),
    ),
    ...ofKind(objects, 'RabbitmqCluster').flatMap((from) =>
      named(
        from,
        'spec.secretBackend.externalSecret',
        'Secret',
        valueAt(from, 'spec.secretBackend.externalSecret.name'),
        [{ key: 'default_user.conf' }],
      ),
    ),
    ...ofKind(objects, 'ObjectStore').flatMap((from) =>
      ['accessKeyId', 'secretAccessKey'].flatMap((part) => {
        const field = `spec.configuration.s3Credentials.${part}`;
        return named(from, field, 'Secret', valueAt(from, `${field}.name`), [
          { key: valueAt(from, `${field}.key`) },
        ]);
      }),
    ),
    ...ofKind(objects, 'TriggerAuthentication').flatMap((from) =>
      (valueAt<{ name: string; key: string }[]>(from, 'spec.secretTargetRef') ?? []).flatMap(
        ({ name, key }, place) =>
          named(from, `spec.secretTargetRef[${place}]`, 'Secret', name, [{ key }]),
      ),
    ),
    ...ofKind(objects, 'Ingress').flatMap((from) =>
      (valueAt<{ secretName?: string }[]>(from, 'spec.tls') ?? []).flatMap(
        ({ secretName }, place) =>
          named(from, `spec.tls[${place}].secretName`, 'Secret', secretName),
      ),
    ),
  ];
}

function named(
  from: KubernetesObject,
  field: string,
  kind: Reference['kind'],
  name: string | undefined,
  items?: { key?: string | undefined }[],
): Reference[] {
  if (name === undefined) return [];
  return (items ?? [{}]).map(({ key }) => ({ from, field, kind, name, key }));
}

function list(names: string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}
