import { aReplay } from '../test/a-replay.js';
import { type Scripted } from '../test/scripted-api.js';
import { scriptedHarness } from '../test/scripted-harness.js';

const { id } = aReplay({});
const topic = `replay:${id}`;
const show = ['replays', 'show', id, '--watch'];

describe('watching', () => {
  const { api, offload } = scriptedHarness();

  it('goes on after the last event that was seen, over a cut connection', async () => {
    const done = { state: 'completed' as const, finished_at: '2026-11-22T12:00:00Z' };
    api().answer(
      stream([['snapshot', 7, aReplay({ counts: { total: 2, published: 1 } })]], { cut: true }),
      stream([
        ['replay-progressed', 8, { percent: 50 }],
        ['replay-completed', 9, done],
      ]),
      { body: aReplay({ ...done, counts: { total: 2, succeeded: 2 } }) },
    );

    const ran = await offload(show);

    expect(ran).toMatchObject({ code: 0, out: 'Completed: 2 of 2 messages succeeded.\n' });
    expect(api().asked[1]?.headers['last-event-id']).toBe('7');
    expect(ran.err).toContain('The event stream was cut off. Trying again in');
  });

  it('prints each event as a line of JSON for programs', async () => {
    const replay = aReplay({ state: 'paused' });
    api().answer(stream([['snapshot', 1, replay]]), { body: replay });

    const ran = await offload([...show, '--json']);

    expect(ran.code).toBe(6);
    expect(
      ran.out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([{ event: 'snapshot', id: '1', topic, time: null, data: replay }]);
  });

  it('is over when the API says that nothing follows', async () => {
    const replay = aReplay({ state: 'aborted', finished_at: '2026-11-22T12:00:00Z' });
    api().answer({ status: 204 }, { body: replay });

    expect((await offload(show)).code).toBe(1);
  });

  it('is stopped by Ctrl-C, and says that the replay goes on', async () => {
    const stopping = new AbortController();
    const { signal } = stopping;
    api().answer(stream([['snapshot', 1, aReplay({})]], { retryMs: 60_000 }));

    const running = offload(show, { signal });
    while (api().asked.length === 0) await new Promise(setImmediate);
    stopping.abort();
    const ran = await running;

    expect(ran.code).toBe(3);
    expect(ran.err).toContain(`Watch it again: offload replays show ${id} --watch`);
  });
});

/** A connection that sends these events. */
function stream(
  events: readonly (readonly [name: string, id: number, data: object])[],
  { cut = false, retryMs = 10 }: { cut?: boolean; retryMs?: number } = {},
): Scripted {
  const frames = events.map(
    ([name, sequence, data]) =>
      `id: ${sequence}\nevent: ${name}\ndata: ${JSON.stringify({ topic, data })}\n\n`,
  );
  return {
    headers: { 'content-type': 'text/event-stream' },
    body: `retry: ${retryMs}\n\n${frames.join('')}`,
    cut,
  };
}
