import { randomUUID } from 'node:crypto';
import type {
  DeadLetterResource,
  List,
  ReplayItem,
  ReplayPreview,
  ReplayResource,
} from '@offload/contracts/http';
import { eventually } from '../libs/testing/src/eventually.js';
import { count, holdingsExpected, holdingsOf } from './harness/database.js';
import { numberedColumns, numberedCsv } from './harness/numbered-csv.js';
import { publishTo } from './harness/publish.js';
import { stackHarness } from './harness/stack-harness.js';

describe('a replay', () => {
  const running = stackHarness();

  const start = async (request: object): Promise<ReplayResource> => {
    const body = { incident: 'e2e', reason: 'It is mended.', ...request };
    const answer = await running().api.post<ReplayResource>('/v1/replays', body);
    expect(answer).toMatchObject({ status: 202 });
    return answer.body;
  };

  const until = (id: string, wanted: object): Promise<ReplayResource> =>
    eventually(async () => {
      const replay = await running().api.get<ReplayResource>(`/v1/replays/${id}`);
      expect(replay).toMatchObject(wanted);
      return replay;
    }, 60_000);

  const outcomeOf = async (replayId: string): Promise<Partial<ReplayItem> | undefined> => {
    const path = `/v1/replays/${replayId}/items`;
    const { data } = await running().api.get<List<ReplayItem>>(path);
    return data[0];
  };

  it('sends every e-mail once that a broken relay had refused, although the gateway dies in the middle', async () => {
    const { api, mail, db, stack } = running();
    const to = Array.from({ length: 120 }, (_, n) => `refused-${n}@example.test`);
    for (const each of to) mail.answer(each, { code: 554, text: 'The relay is broken' });
    const emails = await Promise.all(
      to.map((each) => api.sendEmail({ to: each, subject: 'Hello', text: 'Hi.' })),
    );
    const openLetters = `select count(*) from gateway.dead_letter where state = 'open'`;
    await eventually(async () => expect(await count(db, openLetters)).toBe(120), 60_000);
    const filter = { queue: 'notifier.send-email', text: 'the relay is broken' };
    const request = { filter, expected_count: 120, pace: { canary: 5, rate_per_s: 60 } };
    const { body: preview } = await api.post<ReplayPreview>('/v1/replays', {
      ...request,
      incident: 'e2e',
      reason: 'Only to see.',
      dry_run: true,
    });

    const { id } = await start(request);
    await until(id, { stage: 'ramp', state: 'running' });
    await stack.service('gateway').kill();
    await stack.startAgain('gateway');
    const cut = await until(id, { state: 'running' });
    const done = await until(id, { state: 'completed' });

    expect(preview).toMatchObject({ count: 120, skipped: [] });
    expect(cut.counts.claimed).toBeGreaterThan(0);
    expect(done.counts).toMatchObject({ total: 120, succeeded: 120, failed_again: 0, expired: 0 });
    expect(to.map((each) => mail.takenFor(each).length)).toEqual(to.map(() => 1));
    await eventually(async () => {
      const states = await Promise.all(
        emails.map(async (each) => (await api.getEmail(each.id)).state),
      );
      expect(new Set(states)).toEqual(new Set(['sent']));
    });
    expect(await count(db, openLetters)).toBe(0);
  });

  it('has a clear outcome for what was done, is finished, or is gone', async () => {
    const { api, db, mail, stack } = running();
    const to = 'done@example.test';
    const { id: emailId } = await api.sendEmail({ to, subject: 'Done', text: 'Done.' });
    await eventually(() => expect(mail.takenFor(to)).toHaveLength(1));
    const csv = numberedCsv({ rows: 50 });
    const upload = await api.upload(csv.text);
    const { id: importId } = await api.startImport({
      upload_id: upload.id,
      dataset: { name: 'finished', columns: numberedColumns },
    });
    await eventually(async () => expect((await api.getImport(importId)).state).toBe('completed'));

    const done = await givenUp('gateway', 'notifier.send-email', `email:${emailId}`);
    const finished = await givenUp('ingest', 'ingest.load-chunk', `import:${importId}`);
    const gone = await givenUp('ingest', 'ingest.load-chunk', `import:${importId}`, randomUUID());
    const outcomes: unknown[] = [];
    for (const letterId of [done, finished, gone]) {
      const replay = await start({ ids: [letterId] });
      await until(replay.id, { state: 'completed' });
      outcomes.push(await outcomeOf(replay.id));
    }

    expect(outcomes).toMatchObject([
      { state: 'succeeded', outcome: { code: 'already_handled' } },
      { state: 'succeeded', outcome: { code: 'handled' } },
      {
        state: 'failed_again',
        outcome: {
          code: 'ingest.import-not-found',
          detail: expect.stringContaining('There is no import'),
        },
      },
    ]);
    expect(mail.takenFor(to)).toHaveLength(1);
    expect(await holdingsOf(db, 'finished')).toEqual(holdingsExpected(csv));
    expect(stack.url).toContain('http');
  });

  /**
   * A command that was obeyed, as if it had been given up all the same; under the same id, but for one
   * about another import, which is not there. Answers the id of the dead letter.
   */
  const givenUp = async (
    sender: 'gateway' | 'ingest',
    queue: string,
    subject: string,
    otherImportId?: string,
  ): Promise<string> => {
    const { db, stack, api } = running();
    const { rows } = await db.query<SentRow>(
      `select message_id, properties, headers, body from ${sender}.outbox_message
        where headers ->> 'ce-subject' = $1 and routing_key = $2 limit 1`,
      [subject, `${queue}.v1`],
    );
    const [sent] = rows;
    if (!sent) throw new Error(`Nothing was sent to ${queue}.`);
    const isAnother = otherImportId !== undefined;
    const messageId = queue === 'ingest.load-chunk' ? randomUUID() : sent.message_id;
    const payload = JSON.parse(sent.body.toString()) as object;
    const now = new Date().toISOString();
    await publishTo(stack.rabbitmqUrl, [
      {
        queue: 'dead-letters',
        body: JSON.stringify(isAnother ? { ...payload, importId: otherImportId } : payload),
        properties: {
          ...sent.properties,
          messageId,
          headers: {
            ...sent.headers,
            'x-dead-letter-id': randomUUID(),
            'x-failed-queue': queue,
            'x-failure-code': 'e2e.lost',
            'x-failure-message': 'Nobody knows.',
            'x-failed-at': now,
            'x-first-failed-at': now,
          },
        },
      },
    ]);
    return eventually(async () => {
      const { data } = await api.get<List<DeadLetterResource>>(
        `/v1/dead-letters?state=open&text=${messageId}`,
      );
      if (!data[0]) throw new Error('It has not been stored yet.');
      return data[0].id;
    });
  };
});

interface SentRow {
  message_id: string;
  properties: object;
  headers: object;
  body: Buffer;
}
