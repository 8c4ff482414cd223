import { ImportOptions } from '@offload/contracts';
import type { ImportAction, ImportState } from '@offload/contracts/http';
import {
  anImport,
  canceled,
  completed,
  failed,
  held,
  progressed,
  refused,
  resumed,
  reverted,
  started,
} from '../../test/builders.js';
import type { Import } from './import.entity.js';

const now = new Date('2026-01-01T00:00:05Z');
const times = { at: now, now };
const by = 'spec';

/** Each report as it comes when an import has heard of nothing beyond sequence 5. */
const reports = {
  started: (run: Import) => run.start(started(run.id).payload),
  progressed: (run: Import) => run.progress(progressed(run.id, 9).payload, times),
  held: (run: Import) => run.hold(held(run.id, 9).payload, now),
  'resumed to retry': (run: Import) => run.resume(resumed(run.id, 9, 'retry').payload, now),
  'resumed to confirm': (run: Import) => run.resume(resumed(run.id, 9, 'confirm').payload, now),
  'resumed to fix': (run: Import) => run.resume(resumed(run.id, 9, 'fix').payload, now),
  'resumed to revert': (run: Import) => run.resume(resumed(run.id, 9, 'revert').payload, now),
  completed: (run: Import) => run.complete(completed(run.id, 0, 9).payload, now),
  'completed with errors': (run: Import) => run.complete(completed(run.id, 2, 9).payload, now),
  failed: (run: Import) => run.fail(failed(run.id, 9).payload, now),
  canceled: (run: Import) => run.cancel(canceled(run.id, 9).payload, now),
  reverted: (run: Import) => run.revert(reverted(run.id, 9).payload, now),
};

/** The same reports, out of date. */
const lateReports = {
  progressed: (run: Import) => run.progress(progressed(run.id, 5).payload, times),
  held: (run: Import) => run.hold(held(run.id, 5).payload, now),
  resumed: (run: Import) => run.resume(resumed(run.id, 5, 'retry').payload, now),
  completed: (run: Import) => run.complete(completed(run.id, 0, 5).payload, now),
  failed: (run: Import) => run.fail(failed(run.id, 4).payload, now),
  canceled: (run: Import) => run.cancel(canceled(run.id, 5).payload, now),
  reverted: (run: Import) => run.revert(reverted(run.id, 5).payload, now),
  'refused what was not asked': (run: Import) => run.refuse(refused(run.id, 'confirm').payload),
};

/** In each state: what it becomes by each report; a report that is missing changes nothing. */
const moves: Record<
  string,
  { run: () => Import; by: Partial<Record<keyof typeof reports, ImportState>> }
> = {
  queued: {
    run: () => anImport({ sequence: 5 }),
    by: {
      started: 'loading',
      progressed: 'loading',
      held: 'awaiting_review',
      ...resumptions(),
      ...endings(),
    },
  },
  loading: {
    run: () => anImport({ state: 'loading', sequence: 5 }),
    by: {
      started: 'loading',
      progressed: 'loading',
      held: 'awaiting_review',
      ...resumptions(),
      ...endings(),
    },
  },
  awaiting_review: {
    run: () => anImport({ state: 'awaiting_review', sequence: 5 }),
    by: {
      started: 'awaiting_review',
      progressed: 'loading',
      held: 'awaiting_review',
      ...resumptions(),
      ...endings(),
    },
  },
  'awaiting_review, asked to confirm': {
    run: () => asked('confirm', anImport({ state: 'awaiting_review', sequence: 5 })),
    by: {
      started: 'finalizing',
      progressed: 'finalizing',
      held: 'awaiting_review',
      ...resumptions(),
      ...endings(),
    },
  },
  'loading, asked to cancel': {
    run: () => asked('cancel', anImport({ state: 'loading', sequence: 5 })),
    by: {
      started: 'canceling',
      progressed: 'canceling',
      held: 'canceling',
      'resumed to retry': 'canceling',
      'resumed to confirm': 'canceling',
      'resumed to fix': 'canceling',
      'resumed to revert': 'canceling',
      ...endings(),
    },
  },
  'failed, asked to retry': {
    run: () => asked('retry', anImport({ state: 'failed', sequence: 5 })),
    by: {
      started: 'queued',
      progressed: 'loading',
      held: 'awaiting_review',
      ...resumptions(),
      ...endings(),
    },
  },
  'completed with errors, asked to fix': {
    run: () => asked('fix', withErrors()),
    by: {
      started: 'queued',
      progressed: 'loading',
      held: 'awaiting_review',
      ...resumptions(),
      ...endings(),
    },
  },
  'completed, asked to revert': {
    run: () => asked('revert', anImport({ state: 'completed', rowsCreated: 10, sequence: 5 })),
    by: {
      started: 'reverting',
      progressed: 'reverting',
      held: 'awaiting_review',
      ...resumptions(),
      ...endings(),
    },
  },
  reverting: {
    run: () => anImport({ state: 'reverting', sequence: 5 }),
    by: {
      started: 'reverting',
      progressed: 'reverting',
      held: 'awaiting_review',
      ...resumptions(),
      'resumed to retry': 'reverting',
      ...endings(),
    },
  },
  ...Object.fromEntries(
    (['completed', 'completed_with_errors', 'failed', 'canceled', 'reverted'] as const).map(
      (state) => [state, { run: () => anImport({ state, sequence: 5 }), by: resumptions() }],
    ),
  ),
};

describe('the state of an import', () => {
  const table = Object.entries(moves).flatMap(([name, { run, by: becomes }]) =>
    (Object.keys(reports) as (keyof typeof reports)[]).map(
      (report) => [name, report, becomes[report], run] as const,
    ),
  );

  it.each(table)('%s, when it is %s: %s', (_, report, becomes, build) => {
    const run = build();
    const before = run.state;

    const isNews = reports[report](run);

    expect({ state: run.state, isNews }).toEqual({
      state: becomes ?? before,
      isNews: becomes !== undefined,
    });
  });

  const late = Object.entries(moves).flatMap(([name, { run }]) =>
    (Object.keys(lateReports) as (keyof typeof lateReports)[])
      .filter((report) => !(report.startsWith('refused') && name.endsWith('confirm')))
      .map((report) => [name, report, run] as const),
  );

  it.each(late)('%s, is not changed when it is %s late', (_, report, build) => {
    const run = build();
    const before = JSON.stringify(run);

    expect(lateReports[report](run)).toBe(false);
    expect(JSON.stringify(run)).toBe(before);
  });

  it('is that of the newest report, in whatever order all of them come', () => {
    const story = [
      (run: Import) => run.start(started(run.id).payload),
      (run: Import) => run.progress(progressed(run.id, 1).payload, times),
      (run: Import) => run.progress(progressed(run.id, 2).payload, times),
      (run: Import) => run.complete(completed(run.id, 2, 3).payload, now),
    ];
    const ends = permutations(story).map((order) => {
      const run = anImport();
      for (const take of order) take(run);
      return [run.state, run.sequence, run.rowsLoaded, run.rowsRejected];
    });

    expect(ends).toHaveLength(24);
    expect(new Set(ends.map((end) => JSON.stringify(end)))).toEqual(
      new Set(['["completed_with_errors",3,98,2]']),
    );
  });
});

describe('what an import keeps of its reports', () => {
  it('can be stored, whatever was in the file', () => {
    const run = anImport();

    run.start({ ...started(run.id).payload, sourceColumns: ['a\0', 'b'] });
    run.complete(completed(run.id, 3).payload, now);

    expect(run.sourceColumns).toEqual(['a\ufffd', 'b']);
    expect(run.rejections).toMatchObject([{ message: '“x\ufffd” is not a whole number.' }]);
  });

  it('counts the time that it worked, without the time when it waited for a person', () => {
    const run = anImport();

    run.start(started(run.id).payload);
    run.hold(held(run.id, 1).payload, now);
    run.ask('confirm', { by, now });
    run.resume(resumed(run.id, 2, 'confirm').payload, now);
    const finishedAt = '2026-01-01T01:00:05Z';
    run.complete({ ...completed(run.id).payload, finishedAt }, now);

    expect(run.workedMs).toBe(10_000 + 5000);
  });

  it.each<[string, Partial<ImportOptions>, ImportState[]]>([
    ['takes over', {}, ['loading', 'finalizing', 'finalizing']],
    ['only tries, in a dry run,', { dryRun: true }, ['loading', 'loading', 'loading']],
    [
      'only tries, until it is confirmed,',
      { holdForReview: true },
      ['loading', 'loading', 'loading'],
    ],
  ])('%s rows that were set aside when all of them are there', (_, wishes, expected) => {
    const run = anImport({ options: ImportOptions.parse(wishes) });
    const report = (sequence: number, done: number, merged: number) => ({
      ...progressed(run.id, sequence, done).payload,
      phases: [
        { name: 'loading' as const, done, total: 1000, unit: 'bytes' as const },
        { name: 'merging' as const, done: merged, total: 4, unit: 'parts' as const },
      ],
    });

    const states = [report(1, 500, 0), report(2, 1000, 0), report(3, 1000, 1)].map((each) => {
      run.progress(each, times);
      return run.state;
    });

    expect(states).toEqual(expected);
  });
});

function resumptions() {
  return {
    'resumed to retry': 'loading',
    'resumed to confirm': 'finalizing',
    'resumed to fix': 'loading',
    'resumed to revert': 'reverting',
  } as const;
}

function endings() {
  return {
    completed: 'completed',
    'completed with errors': 'completed_with_errors',
    failed: 'failed',
    canceled: 'canceled',
    reverted: 'reverted',
  } as const;
}

function withErrors(): Import {
  return anImport({ state: 'completed_with_errors', rowsRejected: 2, sequence: 5 });
}

function asked(action: ImportAction, run: Import): Import {
  run.ask(action, { by, now });
  return run;
}

function permutations<T>(list: readonly T[]): T[][] {
  if (list.length <= 1) return [[...list]];
  return list.flatMap((each, place) =>
    permutations(list.filter((_, other) => other !== place)).map((rest) => [each, ...rest]),
  );
}
