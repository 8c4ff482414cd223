import { runLine } from '../test/run-line.js';
import { scriptedHarness } from '../test/scripted-harness.js';

const id = '01980000-0000-7000-8000-000000000001';

describe('exit codes', () => {
  const { api, offload } = scriptedHarness();

  it('0: done, with the document alone on standard output', async () => {
    const list = { object: 'list', data: [], has_more: false, next_cursor: null };
    api().answer({ body: list });

    const ran = await offload(['dead-letters', 'list', '--json']);

    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(ran.out)).toEqual(list);
  });

  it.each([
    [[], 'Usage: offload <command>'],
    [['dead-letter'], 'Did you mean dead-letters?'],
    [['dead-letters', 'list', '--since', 'noon'], 'Give a span like 30m'],
    [['dead-letters', 'show', '12'], 'Give an id'],
    [['dead-letters', 'replay', '--reason', 'because'], 'Which ones?'],
    [['dead-letters', 'discard', '--queue', 'q'], '--reason is required'],
    [['dead-letters', 'edit', id], 'An editor needs a terminal'],
    [['dead-letters', 'edit', id, '--body', '-', '--incident', 'i', '--reason', 'why'], '--yes'],
    [['replays', 'abort', id], '--reason is required'],
    [['dead-letters', 'replay', '--queue', 'q', '--reason', 'why'], '--incident is required'],
    [['import', 'no-such-file.csv', '--dataset', 'd'], 'Cannot read no-such-file.csv'],
    [['import', 'a.csv', '--dataset', 'No name'], 'Use lower-case letters'],
    [['emails', 'send', '--to', 'a@example.org', '--subject', 's'], 'What does it say?'],
    [['replays', 'pace', id, '--reason', 'why'], 'Nothing to change'],
  ])('2: wrong usage, and nothing is sent: %j', async (argv, words) => {
    const ran = await offload(argv);

    expect(ran).toMatchObject({ code: 2, err: expect.stringContaining(words) });
    expect(api().asked).toEqual([]);
  });

  it('2: no API key, with the three ways to give one', async () => {
    const ran = await runLine(['monitor', 'findings'], { env: { OFFLOAD_API_KEY: '' } });

    expect(ran.code).toBe(2);
    expect(ran.err).toMatch(/OFFLOAD_API_KEY.*--api-key-file.*config\.json/);
  });

  it('4: the API refused, with everything it said', async () => {
    const errors = [
      { pointer: '/filter/group', code: 'unknown', detail: 'There is no such group.' },
    ];
    api().answer({ status: 422, body: aProblem({ errors, help: 'List the groups.' }) });

    const ran = await offload(['dead-letters', 'list']);

    expect(ran).toMatchObject({ code: 4, out: '' });
    expect(ran.err).toBe(
      'The request is not valid: It cannot be read.\n  /filter/group: There is no such group.\n' +
        'List the groups.\n(validation_failed, HTTP 422, request r-1)\n',
    );
  });

  it('4: for a program, the problem as it came', async () => {
    api().answer({ status: 422, body: aProblem({}) });

    const ran = await offload(['dead-letters', 'list', '--json']);

    expect(JSON.parse(ran.err)).toEqual(aProblem({}));
  });

  it('4: something else answered than Offload', async () => {
    api().answer({ status: 404, body: '<html>nginx</html>' });

    const ran = await offload(['dead-letters', 'list']);

    expect(ran).toMatchObject({ code: 4, err: expect.stringContaining('not answered by Offload') });
  });

  it('5: the API cannot be reached', async () => {
    const ran = await runLine(['dead-letters', 'list'], { url: 'http://no-such-host.invalid' });

    expect(ran).toMatchObject({ code: 5, err: expect.stringContaining('OFFLOAD_URL') });
  });

  it('3: stopped by Ctrl-C', async () => {
    const ran = await offload(['dead-letters', 'list'], { signal: AbortSignal.abort() });

    expect(ran).toMatchObject({ code: 3, err: 'Stopped.\n' });
  });
});

describe('what is sent', () => {
  const { api, offload } = scriptedHarness();
  const note = ['dead-letters', 'note', id, 'look here'];

  it('is sent again under the same key when the answer got lost', async () => {
    api().answer(
      { body: '{"half', headers: { 'content-length': '1000' }, cut: true },
      { body: {} },
    );

    const ran = await offload(note);

    const keys = api().asked.map(({ headers }) => headers['idempotency-key']);
    expect(ran).toMatchObject({ code: 0, out: 'Noted.\n' });
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('waits as long as the API asks when it says “later”', async () => {
    const later = aProblem({ code: 'temporary_reduced_capacity', status: 503 });
    api().answer({ status: 503, body: later, headers: { 'retry-after': '1' } }, { body: {} });

    const ran = await offload(note);

    expect(ran).toMatchObject({ code: 0, err: expect.stringContaining('Trying again in 1 s.') });
  });

  it('is not sent again when the answer would be the same', async () => {
    api().answer({ status: 500, body: aProblem({ code: 'internal_error', status: 500 }) });

    expect((await offload(note)).code).toBe(4);
    expect(api().asked).toHaveLength(1);
  });

  it('has the key of the caller, and goes over as many pages as asked for', async () => {
    api().answer(page(0, 100, 'hundred'), page(100, 50, 'more'));

    const ran = await offload(['audit', 'list', '--limit', '150', '--since', '2h', '--json']);

    const [first, second] = api().asked;
    expect(JSON.parse(ran.out)).toMatchObject({ next_cursor: 'more', has_more: true });
    expect((JSON.parse(ran.out) as { data: unknown[] }).data).toHaveLength(150);
    expect(first?.headers['authorization']).toBe('Bearer off_test');
    expect(first?.path).toBe('/v1/audit/operations?from=2026-11-22T10%3A00%3A00.000Z&limit=100');
    expect(second?.path).toContain('after=hundred&limit=50');
  });
});

function aProblem(given: object): object {
  return {
    type: 'urn:offload:problem:validation_failed',
    title: 'The request is not valid',
    status: 422,
    detail: 'It cannot be read.',
    instance: '/v1/dead-letters',
    code: 'validation_failed',
    request_id: 'r-1',
    retryable: false,
    ...given,
  };
}

function page(from: number, size: number, next: string | null): { body: object } {
  return {
    body: {
      object: 'list',
      data: Array.from({ length: size }, (_, n) => ({ id: from + n })),
      has_more: next !== null,
      next_cursor: next,
    },
  };
}
