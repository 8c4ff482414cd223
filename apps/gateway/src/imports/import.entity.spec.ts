import { anImport, completed, failed, progressed, started } from '../../test/builders.js';
import type { Import } from './import.entity.js';

const now = new Date('2026-01-01T00:00:05Z');

describe('an import', () => {
  it('goes from queued to loading to completed', () => {
    const run = anImport();

    expect(run.start(started(run.id).payload)).toBe(true);
    expect(run.state).toBe('loading');
    expect(run.progress(progressed(run.id, 1).payload, now)).toBe(true);
    expect(run).toMatchObject({ state: 'loading', sequence: 1, bytesDone: 100, rowsLoaded: 10 });
    expect(run.complete(completed(run.id).payload, now)).toBe(true);
    expect(run).toMatchObject({ state: 'completed', bytesDone: 1000, rowsLoaded: 100 });
  });

  it('is completed with errors when rows were rejected, and can store what was in them', () => {
    const run = anImport();

    run.complete(completed(run.id, 3).payload, now);

    expect(run.state).toBe('completed_with_errors');
    expect(run.rejections).toMatchObject([{ message: '“x�” is not a whole number.', rows: 3 }]);
  });

  it.each([
    ['start', (run: Import) => run.start(started(run.id).payload)],
    ['progress', (run: Import) => run.progress(progressed(run.id, 100).payload, now)],
    ['complete', (run: Import) => run.complete(completed(run.id).payload, now)],
    ['fail', (run: Import) => run.fail(failed(run.id).payload)],
    ['hold up', (run: Import) => run.holdUp({ open: 1, detail: 'x' })],
  ])('does not %s when it has ended', (_, take) => {
    const ended = anImport({ state: 'failed' });

    expect(take(ended)).toBe(false);
    expect(ended.state).toBe('failed');
  });

  it('is not moved back by an older report, nor by the same one', () => {
    const run = anImport();
    run.progress(progressed(run.id, 3).payload, now);

    expect(run.progress(progressed(run.id, 2).payload, now)).toBe(false);
    expect(run.progress(progressed(run.id, 3).payload, now)).toBe(false);
    expect(run.bytesDone).toBe(300);
  });

  it('takes a late start without losing the progress that overtook it', () => {
    const run = anImport();
    run.progress(progressed(run.id, 1).payload, now);

    run.start(started(run.id).payload);

    expect(run).toMatchObject({ state: 'loading', bytesDone: 100 });
    expect(run.columns).toHaveLength(1);
  });

  it('stays interrupted while dead letters wait, however far it comes, and goes on after the replay', () => {
    const run = anImport();

    run.holdUp({ open: 1, detail: 'The disk is full.' });
    run.progress(progressed(run.id, 1).payload, now);
    expect(run).toMatchObject({
      state: 'interrupted',
      bytesDone: 100,
      problemDetail: 'The disk is full.',
    });

    expect(run.holdUp({ open: 0, detail: '' })).toBe(false);
    expect(run.state).toBe('interrupted');
    run.progress(progressed(run.id, 2).payload, now);
    expect(run).toMatchObject({ state: 'loading', problemCode: null, problemDetail: null });
  });

  it('completes although dead letters wait: every record is accounted for', () => {
    const run = anImport({ state: 'interrupted', openDeadLetters: 1 });

    run.complete(completed(run.id).payload, now);

    expect(run).toMatchObject({ state: 'completed', problemCode: null });
  });
});
