import { ImportAction, type ImportState } from '@offload/contracts/http';
import {
  anImport,
  completed,
  failed,
  progressed,
  refused,
  resumed,
  reverted,
} from '../../test/builders.js';
import type { Import } from './import.entity.js';
import { allowedActions } from './import-states.js';

const now = new Date('2026-01-01T00:00:05Z');
const times = { at: now, now };
const by = 'spec';

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
    ['interrupted', { standing: 'reverting' }, ['retry']],
    ['completed', {}, []],
    ['completed', { rowsUpdated: 3 }, ['revert']],
    ['completed_with_errors', { rowsRejected: 1, rowsCreated: 3 }, ['fix', 'revert']],
    ['completed_with_errors', { rowsRejected: 1 }, ['fix']],
    ['failed', {}, ['retry']],
    ['failed', { rowsCreated: 3 }, ['retry']],
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

  it.each(['retry first', 'progress first'])(
    'goes on with what it was doing when a stuck revert is retried: %s',
    (order) => {
      const run = anImport({ state: 'interrupted', standing: 'reverting', openDeadLetters: 1 });
      const reports = [
        () => run.resume(resumed(run.id, 6, 'retry').payload, now),
        () => run.progress(progressed(run.id, 7).payload, times),
      ];

      run.ask('retry', { by, now });
      for (const report of order === 'retry first' ? reports : reports.toReversed()) report();

      expect(run).toMatchObject({ state: 'reverting', lastAction: { outcome: 'taken' } });
    },
  );

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
