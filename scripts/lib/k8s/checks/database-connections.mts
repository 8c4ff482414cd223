import { type KubernetesObject, ofKind, templatesOf, valueAt } from '../object.mts';
import { type Problem, problem } from '../problem.mts';
import { configOf, type Configs, environmentOf } from './environment.mts';

/** Kept by PostgreSQL for its superuser, and room for a backup, the migration and a person. */
const RESERVED = 15;

/**
 * The database takes the connections of every pool at full scale, with one more pod of each service while
 * it is replaced. Otherwise the last pods to come would not start, when there is most to do.
 */
export function checkDatabaseConnections(
  objects: KubernetesObject[],
  { configs }: { configs: Configs },
): Problem[] {
  const pools = templatesOf(objects).flatMap((pods) => {
    const schema = configOf(pods, configs);
    if (!schema || !('DATABASE_POOL' in schema.shape)) return [];
    const given = environmentOf(pods, objects).variables.get('DATABASE_POOL')?.value;
    const pool = Number(given ?? schema.shape['DATABASE_POOL']?.safeParse(undefined).data ?? 0);
    const replicas = mostReplicas(pods.owner, objects);
    return [{ name: pods.owner.metadata.name, connections: pool * (replicas + 1) }];
  });
  const wanted = pools.reduce((sum, { connections }) => sum + connections, RESERVED);
  return servers(objects).flatMap(({ server, field, most }) =>
    // What is no number is told by the schemas.
    !(wanted > most)
      ? []
      : [
          problem(
            server,
            field,
            `${most} connections are fewer than the ${wanted} that all pods may want: ${pools.map(({ name, connections }) => `${name} ${connections}`).join(', ')}, and ${RESERVED}. Raise max_connections, or lower DATABASE_POOL or the number of pods.`,
          ),
        ],
  );
}

function mostReplicas(workload: KubernetesObject, objects: KubernetesObject[]): number {
  const scaler = ofKind(objects, 'HorizontalPodAutoscaler', 'ScaledObject').find(
    (each) => valueAt(each, 'spec.scaleTargetRef.name') === workload.metadata.name,
  );
  return (
    valueAt<number>(scaler, 'spec.maxReplicas') ??
    valueAt<number>(scaler, 'spec.maxReplicaCount') ??
    valueAt<number>(workload, 'spec.replicas') ??
    1
  );
}

function servers(
  objects: KubernetesObject[],
): { server: KubernetesObject; field: string; most: number }[] {
  const operated = ofKind(objects, 'Cluster').map((server) => ({
    server,
    field: 'spec.postgresql.parameters.max_connections',
    most: Number(valueAt(server, 'spec.postgresql.parameters.max_connections') ?? 100),
  }));
  const single = templatesOf(objects)
    .filter(({ labels }) => labels['offload/serves'] === 'database')
    .map(({ owner: server, template: { field, spec } }) => {
      const [, most] =
        /max_connections=(\d+)/.exec(spec.containers[0]?.args?.join(' ') ?? '') ?? [];
      return { server, field: `${field}.containers[0].args`, most: Number(most ?? 100) };
    });
  return [...operated, ...single];
}
