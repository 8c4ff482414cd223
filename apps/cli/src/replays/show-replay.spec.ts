import type { ReplayItem } from '@offload/contracts/http';
import { scriptedHarness } from '../../test/scripted-harness.js';

const id = '01980000-0000-7000-8000-000000000001';
const other = '01980000-0000-7000-8000-000000000009';

describe('the messages of a replay', () => {
  const { api, offload } = scriptedHarness();

  it('name the dead letter that has taken the place of one', async () => {
    const data = [anItem({ failed_as: other }), anItem({ failed_as: id })];
    api().answer({ body: { object: 'list', data, has_more: false, next_cursor: null } });

    const { code, out } = await offload(['replays', 'items', id]);

    expect(code).toBe(0);
    expect(out.split(`It is dead letter ${other} now: It is broken.`)).toHaveLength(2);
    expect(out.split('It is broken.')).toHaveLength(3);
  });
});

function anItem(given: Partial<ReplayItem>): ReplayItem {
  return {
    object: 'replay_item',
    id,
    dead_letter_id: id,
    message_id: id,
    queue: null,
    position: 1,
    state: 'failed_again',
    outcome: { code: 'broken', detail: 'It is broken.' },
    failed_as: null,
    published_at: '2026-11-22T11:00:00Z',
    settled_at: '2026-11-22T11:00:00Z',
    ...given,
  };
}
