import { poll } from '../../scripts/lib/poll.mts';
import { SERVICES } from '../../scripts/lib/services.mts';
import { isFull } from '../harness/in-full.js';
import {
  assertMidway,
  resultOf,
  startLargeImport,
  untilChunks,
  wholeFileOnce,
} from '../harness/large-import.js';
import { NumberedLoad } from '../harness/numbered-load.js';
import { canRunDatabase, databaseHarness } from '../harness/own-database.js';
import { untilAllReady } from '../harness/readiness.js';
import { everythingOnce, settleLoad } from '../harness/settle-load.js';
import { stackHarness } from '../harness/stack-harness.js';
import { underLoad } from '../harness/under-load.js';

const describeWithDatabase = isFull && canRunDatabase() ? describe : describe.skip;

describeWithDatabase('while the database server is away', () => {
  const database = databaseHarness();
  const running = stackHarness({ database });

  const bringBack = async (): Promise<void> => {
    await database().start();
    await running().reconnect();
  };

  it('no service goes down, and what was accepted happens once', async () => {
    const { api, mail, stack } = running();
    const pids = SERVICES.map((service) => stack.service(service).pid);
    const load = new NumberedLoad('restarted', api);

    await underLoad(load, async () => {
      for (const end of ['stop', 'kill', 'stop', 'kill'] as const) {
        const sent = load.emailTally(mail).effects;
        await poll(() => load.emailTally(mail).effects > sent + 5, { withinMs: 30_000 });
        await database()[end]();
        await bringBack();
      }
    });
    await untilAllReady(stack);

    const settled = await settleLoad(load, running(), {
      scenario: 'database stopped and killed under load',
      faults: 4,
    });
    expect(settled).toMatchObject(everythingOnce);
    expect(SERVICES.map((service) => stack.service(service).pid)).toEqual(pids);
  });

  it('a large import waits, and has every row once', async () => {
    const run = await startLargeImport(running(), 'large_and_restarted');

    await untilChunks(running(), run.id, 2);
    await database().stop();
    await bringBack();
    await untilChunks(running(), run.id, 6);
    await database().kill();
    await bringBack();
    await assertMidway(running(), run.id);

    const result = await resultOf(running(), run, {
      scenario: 'database stopped and killed in an import',
      faults: 2,
    });
    expect(result).toEqual(wholeFileOnce);
  });
});
