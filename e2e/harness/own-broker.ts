import { dockerAnswers } from '../../scripts/lib/docker-container.mts';
import { releaseInstance, takeAnyInstance } from '../../scripts/lib/instance-lock.mts';
import type { InstanceFolder } from '../../scripts/lib/instance-folder.mts';
import { type RabbitmqServer, startPrivateRabbitmq } from '../../scripts/lib/rabbitmq.mts';
import { findRabbitmq } from '../../scripts/lib/rabbitmq-programs.mts';
import { serverUser } from '../../scripts/lib/drop-privileges.mts';

/** Whether this machine can run a broker that a test may stop; with RABBITMQ_URL it need not. */
export function canRunBroker(): boolean {
  return findRabbitmq(serverUser()) !== undefined || dockerAnswers();
}

/** A broker that belongs to one suite. Call it inside `describe`, before the stack's harness. */
export function brokerHarness(): () => RabbitmqServer & { managementUrl: string } {
  let folder: InstanceFolder | undefined;
  let broker: RabbitmqServer | undefined;

  beforeAll(async () => {
    folder = takeAnyInstance('faults');
    broker = await startPrivateRabbitmq(folder);
  });

  afterAll(async () => {
    await broker?.stop();
    if (folder) releaseInstance(folder);
  });

  return () => {
    if (!broker?.managementUrl) throw new Error('The broker has not been started yet.');
    return broker as RabbitmqServer & { managementUrl: string };
  };
}
