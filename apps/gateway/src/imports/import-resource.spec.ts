import { ImportOptions } from '@offload/contracts';
import { ImportResource } from '@offload/contracts/http';
import { anImport, progressed, reverted, started } from '../../test/builders.js';
import { importProgress, importResource } from './import-resource.js';

const now = new Date('2026-01-01T00:00:11Z');
const loading = (done: number) => ({ name: 'loading', done, total: 1000, unit: 'bytes' }) as const;
const merging = (done: number) => ({ name: 'merging', done, total: 10, unit: 'parts' }) as const;
const reverting = (done: number) =>
  ({ name: 'reverting', done, total: 200, unit: 'rows' }) as const;

describe(importResource, () => {
  it('is what the contract says, with everything that was asked for', () => {
    const options = ImportOptions.parse({
      mode: 'upsert',
      key: ['a'],
      rejectLimit: { rows: 3 },
      mapping: { columns: [{ to: 'a', from: 'A' }] },
    });
    const run = anImport({ options, notifyEmail: 'a@example.org' });
    run.start(started(run.id).payload);
    run.ask('cancel', { by: 'spec', now });

    const resource = importResource(run);

    expect(ImportResource.parse(resource)).toEqual(resource);
    expect(resource).toMatchObject({
      state: 'canceling',
      mode: 'upsert',
      key: ['a'],
      on_conflict: 'update',
      on_error: 'quarantine',
      reject_limit: { rows: 3 },
      allowed_actions: [],
      last_action: { action: 'cancel', outcome: 'pending', asked_by: 'spec' },
      created_by: { name: 'spec' },
    });
  });

  it('shows what a revert would do, and what it has done', () => {
    const run = anImport({ state: 'completed', rowsCreated: 100 });
    run.askPreview(now);
    expect(importResource(run).revert_preview).toMatchObject({ state: 'pending', counts: null });

    run.revert(reverted(run.id, 5, { dryRun: true }).payload, now);
    expect(importResource(run).revert_preview).toMatchObject({
      state: 'ready',
      counts: { rows_removed: 90, rows_restored: 8, rows_kept: 2 },
    });

    run.ask('revert', { by: null, now });
    run.revert(reverted(run.id, 6).payload, now);
    const resource = importResource(run);
    expect(ImportResource.parse(resource)).toEqual(resource);
    expect(resource).toMatchObject({
      state: 'reverted',
      revert_preview: null,
      reverted: { rows_kept: 2 },
      progress: { percent: 100 },
    });
  });

  it('tells no problem of an attempt that is past', () => {
    const run = anImport({ state: 'failed', problemCode: 'x', problemDetail: 'It broke.' });
    expect(importResource(run).problem).toEqual({ code: 'x', detail: 'It broke.' });

    run.ask('retry', { by: null, now });

    expect(importResource(run).problem).toBeNull();
  });
});

describe(importProgress, () => {
  it('gives 100 percent only after the end', () => {
    const all = { bytesDone: 1000, bytesTotal: 1000, phases: [loading(1000), merging(10)] };

    expect(importProgress(anImport({ ...all, state: 'finalizing' })).percent).toBe(99);
    expect(importProgress(anImport({ ...all, state: 'interrupted' })).percent).toBe(99);
    expect(importProgress(anImport({ ...all, state: 'failed' })).percent).toBe(99);
    expect(importProgress(anImport({ ...all, state: 'completed_with_errors' })).percent).toBe(100);
  });

  it('gives each phase a bar, and the whole its share of all of them', () => {
    const run = anImport({ state: 'finalizing', phases: [loading(1000), merging(5)] });

    const { percent, phases } = importProgress(run);

    expect(phases).toMatchObject([
      { name: 'loading', state: 'done', percent: 100 },
      { name: 'merging', state: 'running', done: 5, total: 10, unit: 'parts', percent: 50 },
    ]);
    expect(percent).toBe(80);
  });

  it('is that of the undoing while it is undone', () => {
    const phases = [loading(1000), reverting(50)];

    const run = anImport({ state: 'reverting', phases });

    expect(importProgress(run)).toMatchObject({
      percent: 25,
      phases: [
        { name: 'loading', state: 'done' },
        { name: 'reverting', state: 'running', percent: 25 },
      ],
    });
  });

  it('is that of the undoing, too, while one that fails takes its rows back out', () => {
    const phases = [loading(600), reverting(50)];

    expect(importProgress(anImport({ state: 'loading', phases })).percent).toBe(25);
    expect(importProgress(anImport({ state: 'failed', phases })).percent).toBe(60);
  });

  it('counts the rows that it merges or takes back out for its speed', () => {
    const run = anImport({ state: 'reverting', standing: 'reverting' });
    for (const [sequence, done] of [
      [1, 0],
      [2, 100],
    ] as const) {
      const report = {
        ...progressed(run.id, sequence, 1000 - done).payload,
        phases: [reverting(done)],
      };
      run.progress(report, { at: new Date(sequence * 2000), now });
    }

    expect(importProgress(run)).toMatchObject({ rate_rows_s: 50, eta_s: 2 });
  });

  it('begins at nothing from the moment when it is asked to be undone', () => {
    const run = anImport({ state: 'completed', rowsCreated: 1, phases: [loading(1000)] });
    run.ask('revert', { by: null, now });

    expect(importProgress(run).percent).toBe(0);
  });

  it('shows where an ending has stopped it', () => {
    const run = anImport({ state: 'canceled', phases: [loading(500), merging(0)] });

    expect(importProgress(run).phases).toMatchObject([
      { name: 'loading', state: 'stopped', percent: 50 },
      { name: 'merging', state: 'waiting', percent: 0 },
    ]);
  });

  it('knows an import of which nothing was reported', () => {
    expect(importProgress(anImport({ bytesTotal: 0 }))).toMatchObject({
      percent: 0,
      rate_rows_s: null,
      eta_s: null,
      phases: [{ name: 'loading', state: 'waiting', percent: 0 }],
    });
  });

  it('tells the rate and the time left, as of the last report', () => {
    const run = anImport();
    run.start(started(run.id).payload);
    run.progress(progressed(run.id, 1, 250).payload, { at: now, now: new Date() });

    expect(importProgress(run)).toMatchObject({
      percent: 25,
      rate_rows_s: 3,
      eta_s: 30,
      phases: [{ rate_per_s: 25, eta_s: 30 }],
    });
  });

  it('tells no time left before the first row, when nothing but the header is done', () => {
    const run = anImport();
    run.start(started(run.id).payload);
    const report = { ...progressed(run.id, 1, 20).payload, rowsLoaded: 0 };
    run.progress(report, { at: now, now });

    expect(importProgress(run).eta_s).toBeNull();
  });

  it('tells no time left while it is interrupted', () => {
    const run = anImport();
    run.start(started(run.id).payload);
    run.progress(progressed(run.id, 1, 250).payload, { at: now, now });
    run.holdUp({ open: 1, detail: 'It broke.' });

    expect(importProgress(run).eta_s).toBeNull();
  });

  it('tells the rate of all its work when it has ended', () => {
    const run = anImport({
      state: 'completed',
      rowsLoaded: 900,
      rowsRejected: 100,
      workedMs: 4000,
    });

    expect(importProgress(run)).toMatchObject({ rate_rows_s: 250, eta_s: null });
  });
});
