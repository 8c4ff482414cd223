import {
  describeSelector,
  type LabelSelector,
  selects,
  valuesWithout,
} from '../label-selector.mts';
import {
  find,
  type KubernetesObject,
  ofKind,
  type Pods,
  podsOf,
  templatesOf,
  valueAt,
} from '../object.mts';
import { type Problem, problem } from '../problem.mts';

/** A selector that takes nothing is no error to a cluster: a policy then protects nobody, a budget keeps nothing. */
export function checkSelectors(objects: KubernetesObject[]): Problem[] {
  const pods = podsOf(objects);
  return [
    ...workloads(objects),
    ...ofKind(objects, 'Service').flatMap((service) => {
      const matchLabels = valueAt<Record<string, string>>(service, 'spec.selector');
      return matchLabels ? takesSome(service, 'spec.selector', { matchLabels }, pods) : [];
    }),
    ...ofKind(objects, 'PodDisruptionBudget').flatMap((budget) =>
      takesSome(budget, 'spec.selector', selectorAt(budget, 'spec.selector'), pods),
    ),
    ...ofKind(objects, 'NetworkPolicy').flatMap((policy) => policyTroubles(policy, pods)),
    ...scalers(objects),
  ];
}

/** A workload that does not select its own pods is refused; a spread that does not, spreads nothing. */
function workloads(objects: KubernetesObject[]): Problem[] {
  return templatesOf(objects).flatMap(({ owner, labels, template }) => {
    const spreads = template.spec.topologySpreadConstraints ?? [];
    return [
      ...(owner.kind === 'Job'
        ? []
        : takesOwn(owner, 'spec.selector', selectorAt(owner, 'spec.selector'), labels)),
      ...spreads.flatMap(({ labelSelector = {} }, place) =>
        takesOwn(
          owner,
          `${template.field}.topologySpreadConstraints[${place}]`,
          labelSelector,
          labels,
        ),
      ),
      ...governing(owner, objects),
    ];
  });
}

function governing(owner: KubernetesObject, objects: KubernetesObject[]): Problem[] {
  const name = valueAt<string>(owner, 'spec.serviceName');
  if (owner.kind !== 'StatefulSet' || name === undefined || find(objects, 'Service', name))
    return [];
  return [problem(owner, 'spec.serviceName', `There is no Service "${name}" in this build.`)];
}

function policyTroubles(policy: KubernetesObject, pods: Pods[]): Problem[] {
  const peers = (['ingress', 'egress'] as const).flatMap((direction) =>
    (valueAt<Record<string, unknown[]>[]>(policy, `spec.${direction}`) ?? []).flatMap(
      (rule, place) =>
        (rule['from'] ?? rule['to'] ?? []).map((peer) => ({
          peer,
          field: `spec.${direction}[${place}]`,
        })),
    ),
  );
  return [
    ...takesSome(policy, 'spec.podSelector', selectorAt(policy, 'spec.podSelector'), pods),
    // What is in another namespace is not ours to know.
    ...peers
      .filter(({ peer }) => valueAt(peer, 'namespaceSelector') === undefined)
      .flatMap(({ peer, field }) =>
        valueAt(peer, 'podSelector') === undefined
          ? []
          : takesSome(policy, `${field} podSelector`, selectorAt(peer, 'podSelector'), pods),
      ),
  ];
}

function scalers(objects: KubernetesObject[]): Problem[] {
  return ofKind(objects, 'HorizontalPodAutoscaler', 'ScaledObject').flatMap((scaler) => {
    const name = valueAt<string>(scaler, 'spec.scaleTargetRef.name') ?? '';
    const target = find(objects, 'Deployment', name);
    if (!target)
      return [
        problem(
          scaler,
          'spec.scaleTargetRef.name',
          `There is no Deployment "${name}" in this build.`,
        ),
      ];
    const authentications = (valueAt<unknown[]>(scaler, 'spec.triggers') ?? [])
      .map((trigger) => valueAt<string>(trigger, 'authenticationRef.name'))
      .filter((each) => each !== undefined && !find(objects, 'TriggerAuthentication', each));
    return [
      ...(valueAt(target, 'spec.replicas') === undefined
        ? []
        : [
            problem(
              target,
              'spec.replicas',
              `${scaler.kind} "${scaler.metadata.name}" says how many there are, and every apply would set it back. Leave it out.`,
            ),
          ]),
      ...authentications.map((each) =>
        problem(
          scaler,
          'spec.triggers',
          `There is no TriggerAuthentication "${each}" in this build.`,
        ),
      ),
    ];
  });
}

function selectorAt(object: unknown, path: string): LabelSelector {
  return valueAt<LabelSelector>(object, path) ?? {};
}

function takesSome(
  from: KubernetesObject,
  field: string,
  selector: LabelSelector,
  pods: Pods[],
): Problem[] {
  const labels = pods.map((each) => each.labels);
  const missing = valuesWithout(selector, labels);
  if (missing.length > 0)
    return [
      problem(
        from,
        field,
        `No pod of this build has the value ${missing.join(', ')}. Correct it, or leave it out.`,
      ),
    ];
  if (labels.some((each) => selects(selector, each))) return [];
  return [
    problem(
      from,
      field,
      `It selects no pod of this build (${describeSelector(selector)}). Correct the labels.`,
    ),
  ];
}

function takesOwn(
  from: KubernetesObject,
  field: string,
  selector: LabelSelector,
  labels: Record<string, string>,
): Problem[] {
  if (selects(selector, labels)) return [];
  return [
    problem(
      from,
      field,
      `It does not select its own pods (${describeSelector(selector)}). Give both the same labels.`,
    ),
  ];
}
