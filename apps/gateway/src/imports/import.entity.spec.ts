import { ImportAction, type ImportState } from '@offload/contracts/http';
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
  totals,
} from '../../test/builders.js';
import type { Import } from './import.entity.js';
import { allowedActions } from './import-states.js';

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

describe('what is asked of an import', () => {
  const allowed: [ImportState, Partial<Import>, ImportAction[]][] = [
    ['queued', {}, ['cancel']],
    ['loading', {}, ['cancel']],
    ['awaiting_review', {}, ['confirm', 'cancel']],
    ['finalizing', {}, ['cancel']],
    ['canceling', {}, []],
    ['canceled', {}, ['retry']],
    ['canceled', { rowsCreated: 3 }, ['retry', 'revert']],
    ['reverting', {}, []],
    ['reverted', { rowsCreated: 3 }, []],
    ['interrupted', {}, ['retry', 'cancel']],
    ['interrupted', { standing: 'awaiting_review' }, ['confirm', 'cancel']],
    ['interrupted', { standing: 'reverting' }, ['revert']],
    ['completed', {}, []],
    ['completed', { rowsUpdated: 3 }, ['revert']],
    ['completed_with_errors', { rowsRejected: 1, rowsCreated: 3 }, ['fix', 'revert']],
    ['completed_with_errors', { rowsRejected: 1 }, ['fix']],
    ['failed', {}, ['retry']],
    ['failed', { rowsCreated: 3 }, ['retry', 'revert']],
  ];

  it.each(allowed)('%s %j allows %j', (state, fields, actions) => {
    expect(allowedActions(anImport({ state, ...fields }))).toEqual(actions);
  });

  const asking = allowed.flatMap(([state, fields, actions]) =>
    ImportAction.options.map((action) => ({ state, fields, action, actions })),
  );

  it.each(asking.filter(({ action, actions }) => actions.includes(action)))(
    '$action is taken in $state $fields',
    ({ state, fields, action }) => {
      const run = asked(action, anImport({ state, ...fields }));

      expect(run.lastAction).toMatchObject({ action, outcome: 'pending', askedBy: by });
    },
  );

  it.each(asking.filter(({ action, actions }) => !actions.includes(action)))(
    '$action is refused in $state $fields, with what is allowed',
    ({ state, fields, action, actions }) => {
      const run = anImport({ state, ...fields });

      const error = thrownBy(() => run.ask(action, { by, now }));

      expect(error).toMatchObject({
        code: 'invalid_state',
        message: expect.stringContaining(state),
        help: expect.stringContaining(actions.join(', ')),
      });
      expect(run).toMatchObject({ state, lastAction: null });
    },
  );

  it('allows nothing after a dry run, which has stored nothing, but a retry', () => {
    const options = { ...anImport().options, dryRun: true };

    const fields = { options, rowsCreated: 3, rowsRejected: 1 };
    expect(allowedActions(anImport({ state: 'completed_with_errors', ...fields }))).toEqual([]);
    expect(allowedActions(anImport({ state: 'failed', ...fields }))).toEqual(['retry']);
  });

  it('allows a replacement to be undone although it has brought no rows', () => {
    const options = { ...anImport().options, mode: 'replace' as const };

    expect(allowedActions(anImport({ state: 'completed', options }))).toEqual(['revert']);
  });

  it.each([
    ['confirm', 'awaiting_review', 'finalizing'],
    ['cancel', 'loading', 'canceling'],
    ['retry', 'failed', 'queued'],
    ['fix', 'completed_with_errors', 'queued'],
    ['revert', 'completed_with_errors', 'reverting'],
  ] as const)(
    '%s shows at once, and a refusal puts %s back with the words',
    (action, state, shown) => {
      const finishedAt = state === 'awaiting_review' || state === 'loading' ? null : now;
      const run = anImport({ state, finishedAt, rowsRejected: 1, rowsCreated: 3 });

      run.ask(action, { by, now });
      expect(run).toMatchObject({ state: shown, finishedAt: null });
      expect(run.refuse(refused(run.id, action).payload)).toBe(true);

      expect(run).toMatchObject({
        state,
        finishedAt,
        attempt: 1,
        lastAction: {
          action,
          outcome: 'refused',
          code: 'too_late',
          detail: 'It has come too far.',
        },
      });
      expect(run.refuse(refused(run.id, action).payload)).toBe(false);
    },
  );

  it('goes back to where it has come meanwhile when a cancellation is refused', () => {
    const run = asked('cancel', anImport());

    run.progress(progressed(run.id, 1).payload, times);
    run.refuse(refused(run.id, 'cancel').payload);

    expect(run.state).toBe('loading');
  });

  it('is completed although it was asked to cancel, and says that this came too late', () => {
    const run = asked('cancel', anImport({ state: 'loading' }));

    run.complete(completed(run.id).payload, now);
    expect(run).toMatchObject({ state: 'completed', lastAction: { outcome: 'overtaken' } });
    run.refuse(refused(run.id, 'cancel').payload);

    expect(run).toMatchObject({
      state: 'completed',
      lastAction: { outcome: 'refused', detail: 'It has come too far.' },
    });
  });

  it('becomes live again with a retry, whose reports count on from those before', () => {
    const run = anImport({ state: 'loading' });
    run.fail(failed(run.id, 5).payload, now);

    run.ask('retry', { by, now });
    run.fail(failed(run.id, 4).payload, now);
    expect(run).toMatchObject({ state: 'queued', attempt: 2 });
    run.resume(resumed(run.id, 6, 'retry').payload, now);
    run.complete(completed(run.id, 0, 7).payload, now);

    expect(run).toMatchObject({ state: 'completed', problemCode: null, attempt: 2 });
  });

  it('is reverted with what became of its rows', () => {
    const run = asked('revert', anImport({ state: 'completed', rowsCreated: 100 }));

    run.resume(resumed(run.id, 6, 'revert').payload, now);
    run.revert(reverted(run.id, 7).payload, now);

    expect(run).toMatchObject({
      state: 'reverted',
      reverted: { rowsRemoved: 90, rowsRestored: 8, rowsKept: 2 },
      finishedAt: new Date('2026-01-01T02:00:00Z'),
    });
  });

  it('stays what it is while a revert is only tried, until the answer is there', () => {
    const run = anImport({ state: 'completed', rowsCreated: 100, finishedAt: now });

    run.askPreview(now);
    expect(run).toMatchObject({ state: 'completed', hasEnded: true, isSettled: false });
    expect(run.revert(reverted(run.id, 7, { dryRun: true }).payload, now)).toBe(true);

    expect(run).toMatchObject({ state: 'completed', reverted: null, isSettled: true, sequence: 0 });
    expect(run.revertPreview?.counts).toEqual({ rowsRemoved: 90, rowsRestored: 8, rowsKept: 2 });
    expect(run.revert(reverted(run.id, 7, { dryRun: true }).payload, now)).toBe(false);
  });

  it('says why a revert that is only tried is refused', () => {
    const run = anImport({ state: 'completed', rowsCreated: 100 });

    run.askPreview(now);
    run.refuse(refused(run.id, 'revert').payload);

    expect(run).toMatchObject({
      state: 'completed',
      isSettled: true,
      revertPreview: { counts: null, refusal: 'It has come too far.' },
    });
  });
});

describe('an import with dead letters', () => {
  it('stays interrupted while they wait, however far it comes, and goes on after the replay', () => {
    const run = anImport();

    run.holdUp({ open: 1, detail: 'The disk is full.' });
    run.progress(progressed(run.id, 1).payload, times);
    expect(run).toMatchObject({
      state: 'interrupted',
      bytesDone: 100,
      interruption: 'The disk is full.',
    });

    expect(run.holdUp({ open: 0, detail: '' })).toBe(false);
    expect(run.state).toBe('interrupted');
    run.progress(progressed(run.id, 2).payload, times);
    expect(run).toMatchObject({ state: 'loading', interruption: null });
  });

  it('completes although they wait: every record is accounted for', () => {
    const run = anImport({ state: 'interrupted', openDeadLetters: 1 });

    run.complete(completed(run.id).payload, now);

    expect(run).toMatchObject({ state: 'completed', interruption: null });
  });

  it('is not interrupted by those that were there when it was retried, only by another one', () => {
    const run = anImport({ state: 'interrupted', openDeadLetters: 2 });

    run.ask('retry', { by, now });
    run.resume(resumed(run.id, 6, 'retry').payload, now);
    expect(run.state).toBe('loading');
    expect(run.holdUp({ open: 3, detail: 'Again.' })).toBe(true);
    expect(run).toMatchObject({ state: 'interrupted', interruption: 'Again.' });
  });

  it('is interrupted again when the retry is refused', () => {
    const run = anImport({ state: 'interrupted', openDeadLetters: 1, interruption: 'It broke.' });

    run.ask('retry', { by, now });
    run.refuse(refused(run.id, 'retry').payload);

    expect(run).toMatchObject({ state: 'interrupted', interruption: 'It broke.' });
  });

  it('can be asked once more for what became one itself, and is then what it was', () => {
    const run = anImport({ state: 'completed', rowsCreated: 3, finishedAt: now });

    run.ask('revert', { by, now });
    run.holdUp({ open: 1, detail: 'The queue is full.' });
    expect(allowedActions(run)).toEqual(['revert']);
    run.ask('revert', { by, now });
    run.refuse(refused(run.id, 'revert').payload);

    expect(run).toMatchObject({ state: 'completed', finishedAt: now });
  });

  it('waits for a person as before when they are put back, since nothing goes on by itself', () => {
    const run = anImport({ state: 'awaiting_review' });

    run.holdUp({ open: 1, detail: 'It broke.' });
    expect(run.state).toBe('interrupted');
    expect(run.holdUp({ open: 0, detail: '' })).toBe(true);

    expect(run.state).toBe('awaiting_review');
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

  it('takes over rows that were set aside when all of them are there', () => {
    const run = anImport();
    const loading = { name: 'loading' as const, total: 1000, unit: 'bytes' as const };
    const merging = { name: 'merging' as const, done: 0, total: 4, unit: 'parts' as const };
    const report = (sequence: number, done: number, merged = 0) => ({
      ...progressed(run.id, sequence).payload,
      ...totals(done),
      phases: [
        { ...loading, done },
        { ...merging, done: merged },
      ],
    });

    const states = [report(1, 500), report(2, 1000), report(3, 1000, 1)].map((each) => {
      run.progress({ ...progressed(run.id, each.sequence).payload, ...each }, times);
      return run.state;
    });

    expect(states).toEqual(['loading', 'finalizing', 'finalizing']);
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

function thrownBy(act: () => void): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown.');
}

function permutations<T>(list: readonly T[]): T[][] {
  if (list.length <= 1) return [[...list]];
  return list.flatMap((each, place) =>
    permutations(list.filter((_, other) => other !== place)).map((rest) => [each, ...rest]),
  );
}
