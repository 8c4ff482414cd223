import type { IPodSpec } from 'kubernetes-models/v1/PodSpec';
import { containersOf, type KubernetesObject, type Pods, templatesOf } from '../object.mts';
import { type Problem, problem } from '../problem.mts';

type Container = IPodSpec['containers'][number];

/** What the Pod Security standard "restricted" lets a pod mount. */
const VOLUMES = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);

/**
 * Every pod is let in by the Pod Security standard "restricted", which the namespace enforces; beyond it,
 * the root file system is read-only, no pod has a token of the API, and what it may write is bounded.
 */
export function checkPodSecurity(objects: KubernetesObject[]): Problem[] {
  return templatesOf(objects).flatMap((pods) => [
    ...podTroubles(pods),
    ...containersOf(pods).flatMap(({ container, field }) =>
      containerTroubles(container, pods.template.spec).map(([below, message]) =>
        problem(pods.owner, `${field}.${below}`, message),
      ),
    ),
  ]);
}

function podTroubles({ owner, template: { field, spec } }: Required<Pods>): Problem[] {
  const troubles: [string, string][] = [];
  for (const shared of ['hostNetwork', 'hostPID', 'hostIPC'] as const) {
    if (spec[shared])
      troubles.push([shared, 'A pod must not share what belongs to its machine. Leave it out.']);
  }
  if (spec.automountServiceAccountToken !== false) {
    troubles.push([
      'automountServiceAccountToken',
      'No pod asks the API of the cluster anything. Set it to false.',
    ]);
  }
  (spec.volumes ?? []).forEach((volume, place) => {
    const kind = Object.keys(volume).find((key) => key !== 'name');
    if (kind !== undefined && !VOLUMES.has(kind)) {
      troubles.push([
        `volumes[${place}].${kind}`,
        'Pod Security "restricted" refuses this kind of volume. Use emptyDir or a claim.',
      ]);
    }
    if (volume.emptyDir && volume.emptyDir.sizeLimit === undefined) {
      troubles.push([
        `volumes[${place}].emptyDir.sizeLimit`,
        'Without a limit one pod can fill the disk of its machine. Set one.',
      ]);
    }
  });
  return troubles.map(([below, message]) => problem(owner, `${field}.${below}`, message));
}

function containerTroubles(
  { securityContext: own = {}, ports = [], resources }: Container,
  { securityContext: pod = {} }: IPodSpec,
): [field: string, message: string][] {
  const troubles: [string, string][] = [];
  const must = (isSo: boolean | undefined, field: string, message: string): void => {
    if (!isSo) troubles.push([field, message]);
  };
  must(
    own.privileged !== true,
    'securityContext.privileged',
    'A privileged container is root on its machine. Leave it out.',
  );
  must(
    own.allowPrivilegeEscalation === false,
    'securityContext.allowPrivilegeEscalation',
    'Set it to false.',
  );
  must(
    own.readOnlyRootFilesystem === true,
    'securityContext.readOnlyRootFilesystem',
    'Set it to true, and mount an emptyDir where the program writes.',
  );
  must(
    own.capabilities?.drop?.includes('ALL'),
    'securityContext.capabilities.drop',
    'Set it to [ALL].',
  );
  must(
    (own.capabilities?.add ?? []).every((each) => each === 'NET_BIND_SERVICE'),
    'securityContext.capabilities.add',
    'Only NET_BIND_SERVICE may be added.',
  );
  must(
    (own.runAsNonRoot ?? pod.runAsNonRoot) === true,
    'securityContext.runAsNonRoot',
    'Set it to true here or for the pod.',
  );
  must(
    (own.runAsUser ?? pod.runAsUser) !== 0,
    'securityContext.runAsUser',
    'Nobody runs as root. Give the user of the image.',
  );
  const { type: seccomp } = own.seccompProfile ?? pod.seccompProfile ?? {};
  must(
    seccomp === 'RuntimeDefault' || seccomp === 'Localhost',
    'securityContext.seccompProfile.type',
    'Set it to RuntimeDefault here or for the pod.',
  );
  must(
    ports.every(({ hostPort }) => hostPort === undefined),
    'ports',
    'A hostPort takes a port of the machine. Leave it out.',
  );
  must(
    resources?.requests?.['cpu'] !== undefined && resources.requests['memory'] !== undefined,
    'resources.requests',
    'Say what it needs of cpu and memory, so that it is placed where there is room.',
  );
  must(
    resources?.limits?.['memory'] !== undefined,
    'resources.limits.memory',
    'Without a limit a leak takes the whole machine. Set one.',
  );
  return troubles;
}
