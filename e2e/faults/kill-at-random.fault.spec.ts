import { setTimeout as pause } from 'node:timers/promises';
import { type Service, SERVICES } from '../../scripts/lib/services.mts';
import { count } from '../harness/database.js';
import { isFull } from '../harness/in-full.js';
import { NumberedLoad } from '../harness/numbered-load.js';
import { faultSeed, seededRandom } from '../harness/seeded-random.js';
import { nothingLostOrDoubled, settleLoad } from '../harness/settle-load.js';
import { stackHarness, type TestStack } from '../harness/stack-harness.js';
import { report } from '../harness/tally.js';

const durationMs = isFull ? 60_000 : 15_000;

describe('services that are killed again and again under load', () => {
  // The relay takes its time, so that a notifier often dies with mails in the relay's hands.
  const running = stackHarness({ relayThinksMs: 40 });
  jest.setTimeout(durationMs + 240_000);

  it('lose nothing and do nothing twice', async () => {
    const { api, db } = running();
    const seed = faultSeed();
    report('killed at random', { seed, seconds: durationMs / 1000 });
    const load = new NumberedLoad('under_fire', api);
    const until = Date.now() + durationMs;

    const [kills] = await Promise.all([
      Promise.all(
        SERVICES.map((service, index) =>
          killAgainAndAgain(running(), service, seededRandom(seed + index), until),
        ),
      ),
      ...Array.from({ length: 3 }, () => keep(until, () => load.postImport())),
      ...Array.from({ length: 3 }, () => keep(until, () => load.postEmail())),
    ]);
    const { rows, emails, notices } = await settleLoad(load, running(), {
      what: 'killed at random',
      managementUrl: process.env['RABBITMQ_MANAGEMENT_URL'] ?? '',
    });
    const inDoubt = await count(
      db,
      `select count(*) from notifier.email_attempt where outcome = 'in_doubt'`,
    );
    const openLetters = await count(
      db,
      `select count(*) from gateway.dead_letter where state = 'open'`,
    );

    const repeated = emails.repeated + notices.repeated;
    report('killed at random', {
      kills: kills.join('+'),
      repeated,
      'told as in doubt': inDoubt,
      openLetters,
    });
    expect(rows).toMatchObject(nothingLostOrDoubled);
    expect(emails).toMatchObject(nothingLostOrDoubled);
    expect(notices).toMatchObject(nothingLostOrDoubled);
    // A notifier that dies with an e-mail in the relay's hands cannot know; it says so and repeats the Message-ID.
    expect(repeated).toBeLessThanOrEqual(inDoubt);
    expect(openLetters).toBe(0);
  });
});

/** Kills a service and starts it again, at least once and until the time is over. Answers how often. */
async function killAgainAndAgain(
  { stack }: TestStack,
  service: Service,
  random: () => number,
  until: number,
): Promise<number> {
  let kills = 0;
  do {
    await pause(400 + random() * 2000);
    await stack.service(service).kill();
    kills += 1;
    await stack.startAgain(service);
  } while (Date.now() < until);
  return kills;
}

async function keep(until: number, work: () => Promise<void>): Promise<void> {
  while (Date.now() < until) {
    await work();
    await pause(20);
  }
}
