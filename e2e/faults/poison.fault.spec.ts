import { setTimeout as pause } from 'node:timers/promises';
import type { DeadLetterSummary, ImportResource, List } from '@offload/contracts/http';
import { eventually } from '../../libs/testing/src/eventually.js';
import { isRunning } from '../../scripts/lib/processes.mts';
import { managementGet } from '../../scripts/lib/rabbitmq-management.mts';
import { inRepository } from '../../scripts/lib/repository.mts';
import { vhostOf } from '../harness/broker-queues.js';
import { describeInFull } from '../harness/in-full.js';
import { numberedColumns } from '../harness/numbered-csv.js';
import { NumberedLoad } from '../harness/numbered-load.js';
import { everythingOnce, settleLoad } from '../harness/settle-load.js';
import { stackHarness, type TestStack } from '../harness/stack-harness.js';
import { report } from '../harness/tally.js';

const queue = 'ingest.load-chunk';
const header = numberedColumns.map(({ name }) => name).join(',');
const poison = `${header}\n1,Poison,1.00,,true,POISON-8f2c\n`;

describeInFull('a message that kills every worker that takes it', () => {
  const running = stackHarness({
    env: { ingest: { NODE_OPTIONS: `--require ${inRepository('e2e/harness/poison.cjs')}` } },
  });
  jest.setTimeout(300_000);

  it('ends as a dead letter of a worker that died, and the others are done', async () => {
    const { api } = running();
    const load = new NumberedLoad('innocent', api);
    const upload = await api.upload(poison, 'poison.csv');
    const { id } = await api.startImport({
      upload_id: upload.id,
      dataset: { name: 'poison', columns: numberedColumns },
    });
    for (let n = 1; n <= 10; n += 1) await load.postImport();

    const deaths = await superviseUntil(running(), async () => (await openLetters(running())) > 0);

    const { data: letters } = await api.get<List<DeadLetterSummary>>('/v1/dead-letters');
    expect(letters).toMatchObject([
      { subject: `import:${id}`, queue, failure: { code: 'messaging.worker-died' } },
    ]);
    await eventually(async () =>
      expect(await api.get<ImportResource>(`/v1/imports/${id}`)).toMatchObject({
        state: 'interrupted',
      }),
    );
    const settled = await settleLoad(load, running(), { scenario: 'poison', faults: deaths });
    report('poison', { deaths, ...(await redeliveriesOf(running())) });
    expect(settled).toMatchObject(everythingOnce);
    expect(settled.rows.accepted).toBe(200);
    expect(await openLetters(running())).toBe(1);
  });
});

/** Starts ingest again whenever it has died, as a supervisor does. Answers how often it died. */
async function superviseUntil(
  { stack }: TestStack,
  isOver: () => Promise<boolean>,
): Promise<number> {
  for (let deaths = 0; ;) {
    if (!isRunning(stack.service('ingest').identity)) {
      deaths += 1;
      // It may die again before it is ready.
      await stack.startAgain('ingest').catch(() => undefined);
    } else if (await isOver()) return deaths;
    else await pause(50);
  }
}

async function openLetters({ api }: TestStack): Promise<number> {
  const { data } = await api.get<List<DeadLetterSummary>>('/v1/dead-letters?state=open');
  return data.length;
}

/** What the broker handed over again, altogether; the poison itself as often as its worker died. */
async function redeliveriesOf({ managementUrl, stack }: TestStack): Promise<object> {
  return eventually(async () => {
    const path = `/api/queues/${vhostOf(stack.rabbitmqUrl)}/${queue}`;
    const told = await managementGet(managementUrl, path);
    const { deliver = 0, redeliver = 0 } = (told?.['message_stats'] ?? {}) as Partial<
      Record<'deliver' | 'redeliver', number>
    >;
    expect(deliver).toBeGreaterThan(0);
    return { deliveries: deliver, redeliveries: redeliver };
  });
}
