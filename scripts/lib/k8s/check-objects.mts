import { checkDatabaseConnections } from './checks/database-connections.mts';
import { checkEnvironment } from './checks/environment.mts';
import { checkImagesAndSecrets } from './checks/images-and-secrets.mts';
import { checkPodSecurity } from './checks/pod-security.mts';
import { checkPolicyEdges } from './checks/policy-edges.mts';
import { checkPorts } from './checks/ports.mts';
import { checkQueues } from './checks/queues.mts';
import { checkReferences } from './checks/references.mts';
import { checkSelectors } from './checks/selectors.mts';
import { checkStop } from './checks/stop.mts';
import type { Facts } from './facts.mts';
import type { KubernetesObject } from './object.mts';
import type { Problem } from './problem.mts';

/** Everything but schemas: what objects of one build promise one another, and our code. */
export function checkObjects(objects: KubernetesObject[], facts: Facts): Problem[] {
  return [
    ...checkReferences(objects),
    ...checkPodSecurity(objects),
    ...checkPorts(objects),
    ...checkSelectors(objects),
    ...checkPolicyEdges(objects),
    ...checkEnvironment(objects, facts),
    ...checkStop(objects, facts),
    ...checkDatabaseConnections(objects, facts),
    ...checkQueues(objects, facts),
    ...checkImagesAndSecrets(objects, facts),
  ];
}
