import { readFileSync } from 'node:fs';
import type { Client } from 'pg';
import { createVhost, deleteVhost } from '../../scripts/lib/provision-broker.mts';
import { inRepository } from '../../scripts/lib/repository.mts';
import { mustRun } from '../../scripts/lib/run-program.mts';
import { vhostOf, waitingMessages } from '../harness/broker-queues.js';
import { NumberedLoad } from '../harness/numbered-load.js';
import { untilAllReady } from '../harness/readiness.js';
import { everythingOnce, settleLoad } from '../harness/settle-load.js';
import { stackHarness, type TestStack } from '../harness/stack-harness.js';

describe('when the broker has lost every queue with what was in it', () => {
  const running = stackHarness();

  it('the queues are made and the statements of the runbook send it again, and it is done once', async () => {
    const load = new NumberedLoad('forgotten', running().api);
    const { stack, db } = running();
    await post(load, 5);
    await Promise.all([stack.service('ingest').stop(), stack.service('notifier').stop()]);
    await post(load, 10);

    const forgotten = await forgetEverything(running());
    await declareQueues(stack);
    await sendAgain(db, '1 hour');
    await Promise.all([stack.startAgain('ingest'), stack.startAgain('notifier')]);
    await untilAllReady(stack);

    expect(forgotten).toBeGreaterThanOrEqual(10);
    const settled = await settleLoad(load, running(), { scenario: 'broker lost', faults: 1 });
    expect(settled).toMatchObject(everythingOnce);
    expect(settled).toMatchObject({
      rows: { accepted: 300, effects: 300 },
      emails: { effects: 15 },
      notices: { effects: 15 },
    });
  });
});

async function post(load: NumberedLoad, times: number): Promise<void> {
  for (let round = 1; round <= times; round += 1) {
    await Promise.all([load.postImport(), load.postEmail()]);
  }
}

/** Answers how many messages were lost with the queues. */
async function forgetEverything({ stack, managementUrl }: TestStack): Promise<number> {
  const waiting = await waitingMessages(stack.rabbitmqUrl, managementUrl);
  const vhost = vhostOf(stack.rabbitmqUrl);
  await deleteVhost(managementUrl, vhost);
  await createVhost(stack.rabbitmqUrl, managementUrl, vhost);
  return waiting;
}

/** As the operator does with the image offload/migrate, before those who listen are there again. */
async function declareQueues({ databaseUrls, rabbitmqUrl }: TestStack['stack']): Promise<void> {
  await mustRun(process.execPath, [inRepository('dist/apps/migrate/src/main.js')], {
    env: {
      GATEWAY_DATABASE_URL: databaseUrls.gateway,
      INGEST_DATABASE_URL: databaseUrls.ingest,
      NOTIFIER_DATABASE_URL: databaseUrls.notifier,
      RABBITMQ_URL: rabbitmqUrl,
    },
  });
}

/** Runs what docs/runbooks/backup-and-restore.md tells the operator to run, for that long before now. */
async function sendAgain(db: Client, age: string): Promise<void> {
  const page = readFileSync(inRepository('docs/runbooks/backup-and-restore.md'), 'utf8');
  const statements = /^begin;\n.*?^commit;$/ms.exec(page)?.[0];
  if (!statements) throw new Error('The runbook has no statements between begin and commit.');
  await db.query(statements.replaceAll(":'since'", `now() - interval '${age}'`));
}
