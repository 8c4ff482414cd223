import { poll } from '../../scripts/lib/poll.mts';
import type { NumberedLoad } from './numbered-load.js';
import type { TestStack } from './stack-harness.js';
import { report } from './tally.js';
import { waitingMessages } from './waiting-messages.js';

/**
 * Waits until a load has come to rest, then counts and tells what became of it. What has not come to
 * rest in two minutes is counted as it is.
 */
export async function settleLoad(
  load: NumberedLoad,
  { stack, db, mail }: TestStack,
  { what, managementUrl }: { what: string; managementUrl: string },
) {
  const isAtRest = async (): Promise<boolean> =>
    (await load.countOpen(db, mail)) === 0 &&
    (await waitingMessages(stack.rabbitmqUrl, managementUrl)) === 0;
  await poll(isAtRest, { withinMs: 120_000, everyMs: 200 });
  const counters = {
    rows: await load.rowTally(db),
    emails: load.emailTally(mail),
    notices: load.noticeTally(mail),
  };
  for (const [name, each] of Object.entries(counters)) report(`${what}: ${name}`, each);
  return counters;
}

/** What a test demands of counters. */
export const nothingLostOrDoubled = { lost: 0, doubled: 0, unexpected: 0 };
