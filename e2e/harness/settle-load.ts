import { poll } from '../../scripts/lib/poll.mts';
import { findDoubts, type NumberedLoad } from './numbered-load.js';
import type { TestStack } from './stack-harness.js';
import { nothingLostOrDoubled, report, type Tally, tellTallies } from './tally.js';
import { waitingMessages } from './broker-queues.js';

/** What became of a load. */
export interface SettledLoad {
  rows: Tally;
  emails: Tally;
  notices: Tally;
}

/** What every scenario demands of a load. */
export const everythingOnce = {
  rows: nothingLostOrDoubled,
  emails: nothingLostOrDoubled,
  notices: nothingLostOrDoubled,
};

/**
 * Waits until a load has come to rest, then counts and tells what became of it. What has not come to
 * rest in two minutes is counted as it is.
 */
export async function settleLoad(
  load: NumberedLoad,
  running: TestStack,
  { scenario, faults }: { scenario: string; faults: number },
): Promise<SettledLoad> {
  const { db, mail } = running;
  if (!(await isAtRest(load, running))) {
    report(scenario, { 'not at rest, open': await load.countOpen(db, mail) });
  }
  const doubts = await findDoubts(db);
  const settled = {
    rows: await load.rowTally(db),
    emails: load.emailTally(mail, doubts),
    notices: load.noticeTally(mail, doubts),
  };
  tellTallies(scenario, faults, Object.values(settled));
  return settled;
}

/** Whether a load comes to rest within two minutes: everything is done, and nothing waits in a queue. */
export async function isAtRest(
  load: NumberedLoad,
  { stack, db, mail, managementUrl }: TestStack,
): Promise<boolean> {
  const look = async (): Promise<boolean> =>
    (await load.countOpen(db, mail)) === 0 &&
    (await waitingMessages(stack.rabbitmqUrl, managementUrl)) === 0;
  return (await poll(look, { withinMs: 120_000, everyMs: 200 })) ?? false;
}
