import { aReport } from '../../../test/monitor-builders.js';
import { LiveWorkers } from './live-workers.js';

const at = (second: number) => `2026-01-01T12:00:0${second}.000Z`;

describe(LiveWorkers.name, () => {
  it('does not let a late report overwrite a newer one', () => {
    const live = new LiveWorkers();
    live.take(aReport({ reportedAt: at(5), pid: 2 }), 0);

    expect(live.take(aReport({ reportedAt: at(3), pid: 1 }), 10)).toBe(false);

    expect(live.list(10)).toMatchObject([{ report: { pid: 2 } }]);
  });

  it('takes any report again when a clock was set back', () => {
    const live = new LiveWorkers();
    live.take(aReport({ reportedAt: at(5), pid: 1 }), 0);

    expect(live.take(aReport({ reportedAt: at(3), pid: 2 }), 60_000)).toBe(true);
  });

  it('counts a worker as silent after three of its own periods', () => {
    const live = new LiveWorkers();
    live.take(aReport({ everyMs: 5000 }), 0);

    expect(live.list(15_000)).toHaveLength(1);
    expect(live.list(15_001)).toHaveLength(0);
  });

  it('lets go at once of a worker that says it ends', () => {
    const live = new LiveWorkers();
    live.take(aReport({ reportedAt: at(1) }), 0);
    live.take(aReport({ reportedAt: at(2), isLast: true }), 10);

    expect(live.list(10)).toEqual([]);
  });
});
