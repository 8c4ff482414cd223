import { type LabelSelector, selects } from '../label-selector.mts';
import { type KubernetesObject, ofKind, type Pods, podsOf, valueAt } from '../object.mts';
import { type Problem, problem } from '../problem.mts';

type Direction = 'ingress' | 'egress';

/** One way that a policy opens, between pods of this build. */
interface Edge {
  policy: KubernetesObject;
  field: string;
  /** Who the policy is about, and who may be talked to or may talk. */
  own: LabelSelector;
  peer: LabelSelector;
  port: number | string;
}

const OTHER = { ingress: 'egress', egress: 'ingress' } as const;

/**
 * Where policies close both ends, an edge has to be open at both: who may send, and who may be sent to. One
 * that only one end knows is a connection that times out.
 */
export function checkPolicyEdges(objects: KubernetesObject[]): Problem[] {
  const pods = podsOf(objects);
  return (['ingress', 'egress'] as const).flatMap((direction) => {
    const there = edgesOf(objects, OTHER[direction]);
    return edgesOf(objects, direction).flatMap((edge) =>
      pairs(edge, pods)
        .filter(
          ([own, peer]) =>
            isClosed(objects, OTHER[direction], peer) &&
            !there.some((each) => isSame(each, edge.port, peer, own)),
        )
        .map(([own, peer]) => {
          const [from, to] = direction === 'egress' ? [own, peer] : [peer, own];
          const end = direction === 'egress' ? 'to be let in' : 'to go out';
          return problem(
            edge.policy,
            edge.field,
            `${from.owner.metadata.name} to ${to.owner.metadata.name}:${edge.port} is open at one end only. Add a policy for it ${end}, or take this one out.`,
          );
        }),
    );
  });
}

function edgesOf(objects: KubernetesObject[], direction: Direction): Edge[] {
  return ofKind(objects, 'NetworkPolicy').flatMap((policy) =>
    (valueAt<Record<string, unknown>[]>(policy, `spec.${direction}`) ?? []).flatMap(
      (rule, place) => {
        const peers = (rule['from'] ?? rule['to'] ?? []) as object[];
        const ports = (rule['ports'] ?? []) as { port: number | string }[];
        return peers
          .filter((peer) => 'podSelector' in peer && !('namespaceSelector' in peer))
          .flatMap((peer) =>
            ports.map(({ port }) => ({
              policy,
              field: `spec.${direction}[${place}]`,
              own: valueAt<LabelSelector>(policy, 'spec.podSelector') ?? {},
              peer: valueAt<LabelSelector>(peer, 'podSelector') ?? {},
              port,
            })),
          );
      },
    ),
  );
}

function pairs({ own, peer }: Edge, pods: Pods[]): [own: Pods, peer: Pods][] {
  const among = (selector: LabelSelector): Pods[] =>
    pods.filter(({ labels }) => selects(selector, labels));
  return among(own).flatMap((each) => among(peer).map((other): [Pods, Pods] => [each, other]));
}

function isSame(edge: Edge, port: number | string, own: Pods, peer: Pods): boolean {
  return edge.port === port && selects(edge.own, own.labels) && selects(edge.peer, peer.labels);
}

/** Pods that a policy selects in a direction are closed but for what policies open. */
function isClosed(objects: KubernetesObject[], direction: Direction, { labels }: Pods): boolean {
  const type = direction === 'ingress' ? 'Ingress' : 'Egress';
  return ofKind(objects, 'NetworkPolicy').some(
    (policy) =>
      valueAt<string[]>(policy, 'spec.policyTypes')?.includes(type) === true &&
      selects(valueAt<LabelSelector>(policy, 'spec.podSelector') ?? {}, labels),
  );
}
