import { randomUUID } from 'node:crypto';
import type { DeadLetterSummary, List, ReplayItem } from '@offload/contracts/http';
import type { Client } from 'pg';
import { eventually } from '../../libs/testing/src/eventually.js';
import { ApiClient } from '../harness/api-client.js';
import { describeInFull } from '../harness/in-full.js';
import { NumberedLoad } from '../harness/numbered-load.js';
import { type ForeignMessage, publishTo } from '../harness/publish.js';
import { askForReplay, replayAndWait, untilReplayed } from '../harness/replays.js';
import { everythingOnce, isAtRest, settleLoad } from '../harness/settle-load.js';
import { stackHarness, type TestStack } from '../harness/stack-harness.js';

describeInFull('dead letters', () => {
  const running = stackHarness();

  it('that four operators replay at once, over two gateways, are handled once', async () => {
    const { api, stack } = running();
    const load = new NumberedLoad('rivals', api);
    await refuseEmails(running(), load, 12);
    const replica = await stack.startReplica('gateway');
    const beside = new ApiClient(() => replica.url, stack.apiKey);

    const asked = await Promise.all(
      [api, beside, api, beside].map((gateway) => askForReplay(gateway, refused)),
    );
    const begun = asked.filter(({ status }) => status === 202);
    const ended = await Promise.all(begun.map(({ body }) => untilReplayed(api, body.id)));

    const settled = await settleLoad(load, running(), {
      scenario: 'the same replayed by four at once',
      faults: asked.length - 1,
    });
    expect(settled).toMatchObject(everythingOnce);
    expect(settled.emails).toMatchObject({ accepted: 12, effects: 12, repeated: 0 });
    expect(ended.reduce((sum, { counts }) => sum + counts.succeeded, 0)).toBe(12);
    expect(asked.filter(({ status }) => status !== 202).map(({ status }) => status)).toEqual(
      Array.from({ length: asked.length - begun.length }, () => 409),
    );
  });

  it('whose gateway is killed in the middle of their replay are handled once', async () => {
    const { api, stack } = running();
    const load = new NumberedLoad('interrupted', api);
    await refuseEmails(running(), load, 20);

    const pace = { canary: 2, rate_per_s: 5 };
    const { body: replay } = await askForReplay(api, { ...refused, pace });
    for (const sent of [4, 10]) {
      await eventually(async () =>
        expect(load.emailTally(running().mail).effects).toBeGreaterThanOrEqual(sent),
      );
      await stack.service('gateway').kill();
      await stack.startAgain('gateway');
    }
    const { counts } = await untilReplayed(api, replay.id);

    const settled = await settleLoad(load, running(), {
      scenario: 'gateway killed in a replay',
      faults: 2,
    });
    expect(settled).toMatchObject(everythingOnce);
    expect(settled.emails).toMatchObject({ accepted: 20, effects: 20, repeated: 0 });
    expect(counts).toMatchObject({ total: 20, succeeded: 20 });
  });

  it('of messages that were done after all are replayed, and nothing happens again', async () => {
    const { api, db, stack } = running();
    const load = new NumberedLoad('done', api);
    for (let n = 1; n <= 3; n += 1) await Promise.all([load.postImport(), load.postEmail()]);
    expect(await isAtRest(load, running())).toBe(true);
    const given = [
      ...(await handledMessages(db, 'ingest', 'ingest.load-chunk')),
      ...(await handledMessages(db, 'gateway', 'notifier.send-email')),
    ];

    await publishTo(stack.rabbitmqUrl, given);
    const ids = await eventually(async () => {
      const path = `/v1/dead-letters?state=open&code=${died}`;
      const { data } = await api.get<List<DeadLetterSummary>>(path);
      expect(data).toHaveLength(given.length);
      return data.map(({ id }) => id);
    });
    const replay = await replayAndWait(api, { ids });

    const { data: items } = await api.get<List<ReplayItem>>(
      `/v1/replays/${replay.id}/items?limit=100`,
    );
    expect(items.map(({ outcome }) => outcome?.code)).toEqual(given.map(() => 'already_handled'));
    const settled = await settleLoad(load, running(), {
      scenario: 'replay of what was done',
      faults: given.length,
    });
    expect(settled).toMatchObject(everythingOnce);
    expect(settled).toMatchObject({ rows: { effects: 60 }, emails: { effects: 3, repeated: 0 } });
  });
});

const died = 'e2e.died-after-commit';
const refused = { filter: { code: 'notifier.relay-refused' } };

/** E-mails that the relay refuses the first time; returns when all of them are dead letters. */
async function refuseEmails(
  { api, mail }: TestStack,
  load: NumberedLoad,
  emails: number,
): Promise<void> {
  for (let n = 1; n <= emails; n += 1) {
    mail.answer(load.emailAddress(n), { code: 554, text: 'Transaction failed' });
    await load.postEmail();
  }
  await eventually(async () => {
    const path = `/v1/dead-letters?state=open&code=${refused.filter.code}&limit=100`;
    const { data } = await api.get<List<DeadLetterSummary>>(path);
    expect(data).toHaveLength(emails);
  });
}

/** Messages that were handled, as they would be given up if the ack of each had been lost again and again. */
async function handledMessages(
  db: Client,
  sender: 'gateway' | 'ingest',
  queue: string,
): Promise<ForeignMessage[]> {
  const { rows } = await db.query<{
    message_id: string;
    properties: object;
    headers: object;
    body: Buffer;
  }>(
    `select message_id, properties, headers, body from ${sender}.outbox_message
      where routing_key = $1 order by id desc limit 3`,
    [`${queue}.v1`],
  );
  return rows.map(({ message_id: messageId, properties, headers, body }) => ({
    queue: 'dead-letters',
    body: body.toString('utf8'),
    properties: {
      ...properties,
      messageId,
      headers: {
        ...headers,
        'x-dead-letter-id': randomUUID(),
        'x-failed-queue': queue,
        'x-failure-code': died,
        'x-failure-class': 'Error',
        'x-failure-message': 'The worker died before its ack was heard.',
        'x-failed-at': new Date().toISOString(),
      },
    },
  }));
}
