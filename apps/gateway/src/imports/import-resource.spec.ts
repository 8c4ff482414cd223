import { ImportResource } from '@offload/contracts/http';
import { anImport } from '../../test/builders.js';
import { importProgress, importResource } from './import-resource.js';

const startedAt = new Date('2026-01-01T00:00:00Z');
const progressedAt = new Date('2026-01-01T00:00:10Z');

describe(importResource, () => {
  it('is what the contract says', () => {
    const run = anImport({
      state: 'loading',
      startedAt,
      progressedAt,
      notifyEmail: 'a@example.org',
    });

    expect(ImportResource.parse(importResource(run))).toEqual(importResource(run));
  });
});

describe(importProgress, () => {
  it('gives 100 percent only when it has completed', () => {
    const all = { bytesDone: 1000, bytesTotal: 1000 };

    expect(importProgress(anImport({ ...all, state: 'loading' })).percent).toBe(99);
    expect(importProgress(anImport({ ...all, state: 'interrupted' })).percent).toBe(99);
    expect(importProgress(anImport({ ...all, state: 'completed_with_errors' })).percent).toBe(100);
  });

  it('knows an import of which nothing was reported', () => {
    expect(importProgress(anImport({ bytesTotal: 0 }))).toMatchObject({
      percent: 0,
      rate_rows_s: null,
      eta_s: null,
    });
  });

  it('tells the rate and the time left, as of the last report', () => {
    const run = anImport({
      state: 'loading',
      startedAt,
      progressedAt,
      bytesDone: 250,
      rowsLoaded: 900,
      rowsRejected: 100,
    });

    expect(importProgress(run)).toMatchObject({ percent: 25, rate_rows_s: 100, eta_s: 30 });
  });

  it('tells no time left before the first row, when nothing but the header is done', () => {
    const run = anImport({ state: 'loading', startedAt, progressedAt, bytesDone: 24 });

    expect(importProgress(run).eta_s).toBeNull();
  });

  it('tells no time left while it is interrupted', () => {
    const run = anImport({ state: 'interrupted', startedAt, progressedAt, bytesDone: 250 });

    expect(importProgress(run).eta_s).toBeNull();
  });
});
