import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  DeadLetterResource,
  DeadLetterSummary,
  EmailResource,
  GroupList,
  ImportResource,
  List,
  ReplayResource,
} from '@offload/contracts/http';
import { eventually } from '../libs/testing/src/eventually.js';
import { type Around, type Ran, runOffload } from './harness/command-line.js';
import { count } from './harness/database.js';
import { numberedColumns, numberedCsv } from './harness/numbered-csv.js';
import { stackHarness } from './harness/stack-harness.js';

const whyReplay = ['--incident', 'relay down', '--reason', 'it answers again'];

describe('a person with a command line', () => {
  const running = stackHarness();
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'offload-e2e-'));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const offload = (argv: readonly string[], around?: Around): Promise<Ran> =>
    runOffload(running().stack, argv, around);

  const json = async <T>(...argv: string[]): Promise<T> => {
    const { code, out, err } = await offload([...argv, '--json']);
    if (code !== 0) throw new Error(`offload ${argv.join(' ')} ended with ${code}: ${err}`);
    return JSON.parse(out) as T;
  };

  /** E-mails that the relay refuses, once each, and their dead letters. */
  const refused = async (name: string, size: number): Promise<DeadLetterSummary[]> => {
    const { api, mail } = running();
    const ids: string[] = [];
    for (let n = 0; n < size; n += 1) {
      const to = `${name}-${n}@example.test`;
      mail.answer(to, { code: 554, text: `Refused for ${name}` });
      ids.push((await api.sendEmail({ to, subject: name, text: name })).id);
    }
    return eventually(async () => {
      const { data } = await json<List<DeadLetterSummary>>(
        ...['dead-letters', 'list', '--state', 'open', '--text', `Refused for ${name}`],
      );
      expect(data).toHaveLength(size);
      return data;
    });
  };

  it('uploads a file and imports it with given columns', async () => {
    const { db } = running();
    const csv = numberedCsv({ rows: 20_000, badEvery: 5000 });
    const file = written('numbered.csv', csv.text);
    const columns = written('columns.json', JSON.stringify(numberedColumns));

    const sent = await offload(['upload', file, '--quiet']);
    const ran = await offload([
      'import',
      sent.out.trim(),
      '--dataset',
      'by_hand',
      '--columns',
      columns,
      '--watch',
    ]);

    expect(sent).toMatchObject({ code: 0, err: '' });
    expect(ran.code).toBe(0);
    expect(ran.out).toContain('19,996 rows');
    expect(ran.out).toContain('4 rows were rejected');
    expect(await count(db, 'select count(*) from datasets.by_hand')).toBe(csv.rows);
  });

  it('imports a file in one go, and a program reads each event', async () => {
    const file = written('small.csv', numberedCsv({ rows: 100 }).text);

    const ran = await offload(['import', file, '--dataset', 'in_one_go', '--watch', '--json']);

    const events = ran.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string });
    expect(ran.code).toBe(0);
    expect(events[0]).toMatchObject({ event: 'snapshot' });
    expect(events.at(-1)).toMatchObject({
      event: 'import-completed',
      data: { state: 'completed', progress: { percent: 100, rows_loaded: 100 } },
    });
  });

  it('is told by the exit code that an import has failed', async () => {
    const file = written('no-header.csv', '\n\n\n');

    const ran = await offload(['import', file, '--dataset', 'nothing', '--watch']);

    const { data } = await json<List<ImportResource>>('imports', 'list', '--state', 'failed');
    expect(data).toHaveLength(1);
    expect(ran).toMatchObject({ code: 1, err: expect.stringContaining('Failed: ') });
  });

  it('sends an e-mail and sees what the relay said', async () => {
    const { mail } = running();
    const to = 'hand@example.test';
    const text = written('mail.txt', 'From a file.');

    const sent = await offload([
      'emails',
      'send',
      '--to',
      to,
      '--subject',
      'Hi',
      '--text-file',
      text,
      '--watch',
    ]);
    const id = mail.takenFor(to)[0]?.messageId?.replace(/^<|@.*$/g, '') ?? '';
    const shown = await json<EmailResource>('emails', 'show', id);

    expect(sent).toMatchObject({ code: 0, out: expect.stringMatching(/^Sent: 250/) });
    expect(mail.takenFor(to)[0]?.text.trim()).toBe('From a file.');
    expect(shown).toMatchObject({ id, state: 'sent', to: [to] });
  });

  it('looks at dead letters: listed, grouped, one in full', async () => {
    const [letter] = await refused('looked-at', 2);

    const groups = await json<GroupList>('dead-letters', 'groups', '--text', 'looked-at');
    const listed = await offload(['dead-letters', 'list', '--group', groups.data[0]?.id ?? '']);
    const shown = await offload(['dead-letters', 'show', letter?.id ?? '']);

    expect(groups).toMatchObject({
      total: 2,
      data: [{ count: 2, code: 'notifier.relay-refused' }],
    });
    expect(listed.out).toContain(letter?.id);
    expect(listed.out).toMatch(
      /open +.*notifier\.send-email +notifier\.relay-refused +554 Refused/,
    );
    expect(shown.out).toMatch(/failure +notifier\.relay-refused/);
    expect(shown.out).toContain('"subject": "looked-at"');
  });

  it('sees what a replay would do, types the count, and watches it to the end', async () => {
    const { mail } = running();
    await refused('typed', 3);
    const line = ['dead-letters', 'replay', '--text', 'Refused for typed', ...whyReplay];

    const wrong = await offload([...line, '--watch'], { input: 'y\n' });
    const right = await offload([...line, '--watch'], { input: '3\n' });

    expect(wrong).toMatchObject({ code: 3, out: '' });
    expect(right.err).toContain('Replay 3 messages of 1 group? Type 3 to go on: ');
    expect(right).toMatchObject({ code: 0, out: 'Completed: 3 of 3 messages succeeded.\n' });
    expect([0, 1, 2].map((n) => mail.takenFor(`typed-${n}@example.test`).length)).toEqual([
      1, 1, 1,
    ]);
  });

  it('is told by exit codes that a replay paused, went on, and left some undone', async () => {
    const { mail } = running();
    await refused('stubborn', 6);
    for (let n = 0; n < 6; n += 1) {
      mail.answer(`stubborn-${n}@example.test`, { code: 554, text: 'Still refused' });
    }
    const line = ['dead-letters', 'replay', '--text', 'Refused for stubborn', ...whyReplay];

    const paused = await offload([...line, '--canary', '2', '--yes', '--watch']);
    const { data } = await json<List<ReplayResource>>('replays', 'list', '--state', 'paused');
    const id = data[0]?.id ?? '';
    const why = ['--reason', 'it was looked into'];
    for (let n = 0; n < 6; n += 1) mail.answer(`stubborn-${n}@example.test`);
    const resumed = await offload(['replays', 'resume', id, '--watch', ...why]);
    const followed = await offload(['replays', 'follow-up', id, 'replay', '-y', '--watch', ...why]);

    expect(paused).toMatchObject({ code: 6, err: expect.stringContaining('too_many_failures') });
    expect(resumed).toMatchObject({ code: 1, err: expect.stringContaining('2 failed again') });
    expect(followed).toMatchObject({ code: 0, out: 'Completed: 2 of 2 messages succeeded.\n' });
  });

  it('stops watching with Ctrl-C, and the replay goes on', async () => {
    await refused('left-alone', 3);
    const line = ['dead-letters', 'replay', '--text', 'left-alone', ...whyReplay, '--yes'];
    let pressed = 0;

    const ran = await offload([...line, '--watch'], {
      onNote: (said, pressCtrlC) => {
        if (said.includes('has begun') && (pressed += 1) === 1) pressCtrlC();
      },
    });

    const [, id = ''] = /replays show (\S+) --watch/.exec(ran.err) ?? [];
    expect(ran).toMatchObject({ code: 3, err: expect.stringContaining('The work goes on') });
    expect((await offload(['replays', 'show', id, '--watch'])).code).toBe(0);
  });

  it('replays a copy with another body in place of the original', async () => {
    const { mail } = running();
    const [letter] = await refused('mistyped', 1);
    const id = letter?.id ?? '';
    const { body } = await json<DeadLetterResource>('dead-letters', 'show', id);
    const to = 'well-typed@example.test';
    const file = written('body.json', JSON.stringify({ ...(body as object), to: [to] }));

    const ran = await offload(
      ['dead-letters', 'edit', id, '--body', file, ...whyReplay, '--watch'],
      { input: 'y\n' },
    );

    expect(ran.err).toContain(`/to/0\n  - "mistyped-0@example.test"\n  + "${to}"`);
    expect(ran).toMatchObject({ code: 0, out: 'Completed: 1 of 1 message succeeded.\n' });
    expect(mail.takenFor(to)).toHaveLength(1);
    const original = await json<DeadLetterResource>('dead-letters', 'show', id);
    expect(original.state).toBe('resolved');
  });

  it('discards many by their count, restores one, and the audit says who and why', async () => {
    const [letter] = await refused('cancelled', 2);
    const why = ['--reason', 'cancelled by phone'];
    const line = ['dead-letters', 'discard', '--text', 'Refused for cancelled', ...why];

    const discarded = await offload(line, { input: '2\n' });
    const restored = await offload(['dead-letters', 'restore', letter?.id ?? '', '--yes', ...why]);
    const exported = await offload(['audit', 'export', '--dead-letter', letter?.id ?? '']);

    expect(discarded).toMatchObject({ code: 0, out: expect.stringMatching(/^Discarded 2 dead/) });
    expect(restored).toMatchObject({ code: 0, out: expect.stringMatching(/^Restored 1 dead/) });
    expect(exported.code).toBe(0);
    expect(exported.out).toContain('cancelled by phone');
  });

  it('is told the exit codes of what was not accepted', async () => {
    const nobody = await offload(['monitor', 'queues'], { env: { OFFLOAD_API_KEY: 'off_no' } });
    const usage = await offload(['dead-letters', 'replay', '--queue', 'q']);
    const nowhere = await offload(['monitor', 'queues', '--url', 'http://nowhere.invalid']);

    expect([nobody.code, usage.code, nowhere.code]).toEqual([4, 2, 5]);
    expect(nobody.err).toContain('The API key is not valid');
  });

  function written(name: string, content: string): string {
    const file = join(folder, name);
    writeFileSync(file, content);
    return file;
  }
});
