import type { ReplayPreview } from '@offload/contracts/http';
import { aReplay } from '../../test/a-replay.js';
import { scriptedHarness } from '../../test/scripted-harness.js';

const group = '01980000-0000-7000-8000-00000000000a';
const line = ['dead-letters', 'replay', '--group', group, '--incident', 'relay', '--reason', 'up'];

describe('replaying dead letters', () => {
  const { api, offload } = scriptedHarness();

  it('shows what would happen and begins when the count is typed', async () => {
    api().answer({ body: aPreview(312) }, { status: 202, body: aReplay({}) });

    const ran = await offload([...line, '--rate', '20'], { input: '312\n' });

    const request = {
      filter: { group },
      incident: 'relay',
      reason: 'up',
      pace: { rate_per_s: 20 },
    };
    expect(ran.code).toBe(0);
    expect(ran.err).toContain('300  The relay refused  notifier.send-email');
    expect(ran.err).toContain('  2  They are being replayed already. (replaying)');
    expect(ran.err).toContain('Warning: The queue has no consumer.');
    expect(ran.err).toContain('Replay 312 messages of 2 groups? Type 312 to go on: ');
    expect(api().asked.map(({ body }) => body)).toEqual([
      { ...request, dry_run: true },
      { ...request, expected_count: 312 },
    ]);
  });

  it.each(['y\n', '31\n', '\n', ''])('does nothing for the answer %j', async (input) => {
    api().answer({ body: aPreview(312) });

    const ran = await offload(line, { input });

    expect(ran).toMatchObject({ code: 3, err: expect.stringMatching(/nothing was done/) });
    expect(api().asked).toHaveLength(1);
  });

  it('asks y/N for one', async () => {
    api().answer({ body: aPreview(1) }, { status: 202, body: aReplay({}) });

    const ran = await offload(line, { input: 'y\n' });

    expect(ran).toMatchObject({ code: 0, err: expect.stringContaining('? [y/N] ') });
  });

  it('does not ask with --yes, and says nothing beside the result with --quiet', async () => {
    api().answer({ body: aPreview(312) }, { status: 202, body: aReplay({}) });

    const ran = await offload([...line, '--yes', '--quiet', '--json']);

    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(ran.out)).toMatchObject({ object: 'replay' });
  });

  it('stops after the preview with --dry-run, which needs no reason', async () => {
    api().answer({ body: aPreview(2) });

    const ran = await offload(['dead-letters', 'replay', '--queue', 'q', '--dry-run', '--json']);

    expect(ran.code).toBe(0);
    expect(JSON.parse(ran.out)).toEqual(aPreview(2));
    expect(api().asked).toHaveLength(1);
  });

  it('is done at once when nothing matches', async () => {
    api().answer({ body: { ...aPreview(0), groups: [], skipped: [] } });

    const ran = await offload([...line, '--yes']);

    expect(ran).toMatchObject({ code: 0, err: expect.stringContaining('Nothing matches') });
    expect(api().asked).toHaveLength(1);
  });
});

function aPreview(count: number): ReplayPreview {
  return {
    object: 'replay_preview',
    count,
    groups: [
      { group_id: group, title: 'The relay refused', queue: 'notifier.send-email', count: 300 },
      { group_id: group, title: 'No such import', queue: 'ingest.load-chunk', count: 12 },
    ],
    skipped: [{ code: 'replaying', detail: 'They are being replayed already.', count: 2 }],
    warnings: [{ code: 'no_consumer', detail: 'The queue has no consumer.' }],
    pace: aReplay({}).pace,
  };
}
