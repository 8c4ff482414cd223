import type { InstanceFolder } from '../../scripts/lib/instance-folder.mts';
import { releaseInstance, takeAnyInstance } from '../../scripts/lib/instance-lock.mts';
import { RabbitmqCluster } from '../../scripts/lib/rabbitmq-cluster.mts';
import { findRabbitmq } from '../../scripts/lib/rabbitmq-programs.mts';
import { serverUser } from '../../scripts/lib/drop-privileges.mts';
import { suiteEndings } from './suite-endings.js';

/** Whether this machine has RabbitMQ's programs; one container is no cluster. */
export function canRunCluster(): boolean {
  return findRabbitmq(serverUser()) !== undefined;
}

/** Three nodes that belong to one suite. Call it inside `describe`, before the stack's harness. */
export function clusterHarness(): () => RabbitmqCluster {
  let cluster: RabbitmqCluster | undefined;
  const whenDone = suiteEndings();

  beforeAll(async () => {
    const programs = findRabbitmq(serverUser());
    if (!programs) throw new Error('There is no RabbitMQ here for a cluster.');
    const take = (): InstanceFolder => {
      const folder = takeAnyInstance('faults-node');
      whenDone(async () => releaseInstance(folder));
      return folder;
    };
    const started = await RabbitmqCluster.start([take(), take(), take()], programs);
    whenDone(() => started.stop());
    cluster = started;
  }, 240_000);

  return () => {
    if (!cluster) throw new Error('The cluster has not been started yet.');
    return cluster;
  };
}
