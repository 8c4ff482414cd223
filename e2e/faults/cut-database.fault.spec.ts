import { SERVICES } from '../../scripts/lib/services.mts';
import { count } from '../harness/database.js';
import { describeInFull } from '../harness/in-full.js';
import {
  assertMidway,
  resultOf,
  startLargeImport,
  untilChunks,
  wholeFileOnce,
} from '../harness/large-import.js';
import { stackHarness } from '../harness/stack-harness.js';

const cutAll = `
  select count(pg_terminate_backend(pid)) from pg_stat_activity
   where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`;

describeInFull('an import during which the database cuts every connection', () => {
  const running = stackHarness();

  it('has every row once, and no service goes down', async () => {
    const { db, stack } = running();
    const pids = SERVICES.map((service) => stack.service(service).pid);
    const run = await startLargeImport(running(), 'cut_off');
    const moments = [1, 5, 10];

    for (const chunks of moments) {
      await untilChunks(running(), run.id, chunks);
      expect(await count(db, cutAll)).toBeGreaterThan(0);
      await assertMidway(running(), run.id);
    }

    const result = await resultOf(running(), run, {
      scenario: 'database connections cut in an import',
      faults: moments.length,
    });
    expect(result).toEqual(wholeFileOnce);
    expect(
      await Promise.all(SERVICES.map((service) => isReady(stack.service(service).url))),
    ).toEqual([true, true, true]);
    expect(SERVICES.map((service) => stack.service(service).pid)).toEqual(pids);
  });
});

async function isReady(url: string): Promise<boolean> {
  return (await fetch(`${url}/health/ready`)).ok;
}
