import { dockerAnswers } from '../../scripts/lib/docker-container.mts';
import { releaseInstance, takeAnyInstance } from '../../scripts/lib/instance-lock.mts';
import { type RabbitmqServer, startPrivateRabbitmq } from '../../scripts/lib/rabbitmq.mts';
import { findRabbitmq } from '../../scripts/lib/rabbitmq-programs.mts';
import { serverUser } from '../../scripts/lib/drop-privileges.mts';
import { suiteEndings } from './suite-endings.js';

/** Whether this machine can run a broker that a test may stop; with RABBITMQ_URL it need not. */
export function canRunBroker(): boolean {
  return findRabbitmq(serverUser()) !== undefined || dockerAnswers();
}

/** A broker that belongs to one suite. Call it inside `describe`, before the stack's harness. */
export function brokerHarness(): () => RabbitmqServer & { managementUrl: string } {
  let broker: RabbitmqServer | undefined;
  const whenDone = suiteEndings();

  beforeAll(async () => {
    const folder = takeAnyInstance('faults');
    whenDone(async () => releaseInstance(folder));
    const started = await startPrivateRabbitmq(folder, { isFresh: true });
    whenDone(() => started.stop());
    broker = started;
  }, 120_000);

  return () => {
    if (!broker?.managementUrl) throw new Error('The broker has not been started yet.');
    return broker as RabbitmqServer & { managementUrl: string };
  };
}
