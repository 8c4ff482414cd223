import { randomUUID } from 'node:crypto';
import type {
  DeadLetterResource,
  DeadLetterSummary,
  EmailResource,
  List,
  ProblemDetails,
  ReplayResource,
} from '@offload/contracts/http';
import { eventually } from '../libs/testing/src/eventually.js';
import { holdingsExpected, holdingsOf } from './harness/database.js';
import { numberedColumns, numberedCsv } from './harness/numbered-csv.js';
import { publishTo } from './harness/publish.js';
import { stackHarness } from './harness/stack-harness.js';

describe('an operator', () => {
  const running = stackHarness();

  const letterWith = (wanted: Partial<DeadLetterSummary>): Promise<DeadLetterSummary> =>
    eventually(async () => {
      const { data } = await running().api.get<List<DeadLetterSummary>>('/v1/dead-letters');
      const [first, ...more] = data.filter((letter) => matches(letter, wanted));
      expect(more).toEqual([]);
      if (!first) throw new Error(`No dead letter has ${JSON.stringify(wanted)}.`);
      return first;
    });

  /** An e-mail that the relay refuses, and then answers as given. */
  const refusedEmail = async (to: string): Promise<{ id: string; letter: DeadLetterSummary }> => {
    const { api, mail } = running();
    mail.answer(to, { code: 554, text: 'Transaction failed' });
    const { id } = await api.sendEmail({ to, subject: 'Again', text: 'Again.' });
    const letter = await letterWith({ subject: `email:${id}`, state: 'open' });
    return { id, letter };
  };

  const untilSent = (id: string): Promise<EmailResource> =>
    eventually(async () => {
      const email = await running().api.getEmail(id);
      expect(email.state).toBe('sent');
      return email;
    });

  it('finds messages that cannot be handled with their reason, while others flow', async () => {
    const { api, db, stack } = running();
    const outside = randomUUID();
    const unknown = randomUUID();
    const notJson = randomUUID();
    await publishTo(stack.rabbitmqUrl, [
      loadChunk(outside, { importId: 'none', chunk: { number: 'first' } }),
      loadChunk(unknown, { importId: randomUUID(), chunk: aChunk }),
      { queue: 'ingest.load-chunk', body: '<xml/>', properties: { messageId: notJson } },
    ]);
    const csv = numberedCsv({ rows: 1000 });
    const upload = await api.upload(csv.text);
    const { id } = await api.startImport({
      upload_id: upload.id,
      dataset: { name: 'flowing', columns: numberedColumns },
    });

    const letters = await Promise.all(
      [outside, unknown, notJson].map((messageId) => letterWith({ message_id: messageId })),
    );

    expect(letters.map(({ failure: { code, message } }) => [code, message])).toEqual([
      ['messaging.malformed-message', expect.stringContaining('importId')],
      ['ingest.import-not-found', expect.stringContaining('There is no import')],
      ['messaging.malformed-message', expect.stringContaining('envelope')],
    ]);
    expect(letters.map(({ queue, attempts }) => [queue, attempts])).toEqual(
      Array.from({ length: 3 }, () => ['ingest.load-chunk', 1]),
    );
    await eventually(async () => expect((await api.getImport(id)).state).toBe('completed'));
    expect(await holdingsOf(db, 'flowing')).toEqual(holdingsExpected(csv));
  });

  it('replays one, and it is done', async () => {
    const { api, mail } = running();
    const to = 'replayed@example.test';
    const { id, letter } = await refusedEmail(to);

    const replay = await api.post<ReplayResource>(`/v1/dead-letters/${letter.id}/replays`, {
      reason: 'The mailbox exists again.',
    });

    expect(replay.status).toBe(202);
    await untilSent(id);
    await eventually(async () => {
      const shown = await api.get<DeadLetterResource>(`/v1/dead-letters/${letter.id}`);
      expect(shown).toMatchObject({ state: 'resolved', replays: 1 });
    });
    expect(mail.takenFor(to)).toHaveLength(1);
  });

  it('replays one that has to wait once more, and the broker does not drop it', async () => {
    const { api, mail } = running();
    const to = 'twice@example.test';
    const { id, letter } = await refusedEmail(to);
    mail.answer(to, { code: 451, text: 'Come later' });

    await api.post(`/v1/dead-letters/${letter.id}/replays`, aReason);

    expect(await untilSent(id)).toMatchObject({ attempts: 3 });
    const arrived = mail.arrivedFor(to);
    expect(arrived.map(({ isTaken }) => isTaken)).toEqual([false, false, true]);
    expect(new Set(arrived.map(({ messageId }) => messageId)).size).toBe(1);
  });

  it('replays one that fails again, and finds the same one open with both failures', async () => {
    const { api, mail } = running();
    const to = 'stubborn@example.test';
    const { id, letter } = await refusedEmail(to);
    mail.answer(to, { code: 550, text: 'Still no such mailbox' });

    await api.post(`/v1/dead-letters/${letter.id}/replays`, aReason);

    const again = await eventually(async () => {
      const shown = await api.get<DeadLetterResource>(`/v1/dead-letters/${letter.id}`);
      expect(shown).toMatchObject({ state: 'open', failures: 2, replays: 1 });
      return shown;
    });
    expect(again.failure.message).toContain('Still no such mailbox');
    expect((await api.getEmail(id)).state).toBe('failed');
  });

  it('discards one for good', async () => {
    const { api } = running();
    const { letter } = await refusedEmail('gone@example.test');
    const act = (verb: string) =>
      api.post<DeadLetterResource & ProblemDetails>(
        `/v1/dead-letters/${letter.id}/${verb}`,
        aReason,
      );

    const discarded = await act('discards');
    const replayed = await act('replays');

    expect([discarded.status, discarded.body.state]).toEqual([200, 'discarded']);
    expect([replayed.status, replayed.body.code]).toEqual([409, 'invalid_state']);
  });
});

const aReason = { reason: 'It is mended.' };

const aChunk = { number: 0, from: 0, to: 9, firstRow: 1, firstLine: 2, rows: 1, strict: true };

function loadChunk(messageId: string, payload: object) {
  return {
    queue: 'ingest.load-chunk',
    body: JSON.stringify(payload),
    properties: {
      messageId,
      type: 'ingest.load-chunk.v1',
      appId: 'e2e',
      correlationId: 'e2e-poison',
      contentType: 'application/json',
      headers: { 'ce-time': new Date().toISOString(), 'ce-tenantid': randomUUID() },
    },
  };
}

function matches(letter: DeadLetterSummary, wanted: Partial<DeadLetterSummary>): boolean {
  return Object.entries(wanted).every(
    ([name, value]) => letter[name as keyof DeadLetterSummary] === value,
  );
}
