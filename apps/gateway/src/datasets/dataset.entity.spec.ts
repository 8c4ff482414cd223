import type { DatasetChanged, DatasetRefused } from '@offload/contracts';
import { Dataset } from './dataset.entity.js';

describe(Dataset.name, () => {
  it('is ready when ingest has made it, and failed when it cannot', () => {
    const made = aDataset();
    const refused = aDataset();
    made.request('creating', 'mine');
    refused.request('creating', 'mine');

    made.takeChanged(changed('2026-01-01T00:00:00Z'), 'mine');
    refused.takeRefused(refusal('create'), 'mine');

    expect(made).toMatchObject({ state: 'ready', tableName: 'people', rows: 5, problem: null });
    expect(refused).toMatchObject({
      state: 'failed',
      problem: { action: 'create', code: 'invalid_dataset', detail: 'No.' },
    });
  });

  it('is changing until its own change is done, whatever imports report meanwhile', () => {
    const dataset = aReadyDataset();
    dataset.request('changing', 'mine');

    dataset.takeChanged(changed('2026-01-02T00:00:00Z'), 'an import');
    expect(dataset.state).toBe('changing');
    dataset.takeChanged(changed('2026-01-03T00:00:00Z'), 'mine');

    expect(dataset.state).toBe('ready');
  });

  it('is what it was before when something is refused', () => {
    const dataset = aReadyDataset();
    dataset.request('dropping', 'mine');

    dataset.takeRefused(refusal('drop'), 'mine');

    expect(dataset).toMatchObject({ state: 'ready', problem: { action: 'drop' } });
  });

  it('keeps the latest that was said, in whatever order it comes', () => {
    const dataset = aReadyDataset();

    dataset.takeDropped({ dataset: 'people', droppedAt: '2026-01-03T00:00:00Z' });
    dataset.takeChanged(changed('2026-01-02T00:00:00Z'), 'late');
    expect(dataset).toMatchObject({ state: 'dropped', tableName: null, columns: [] });
    dataset.takeChanged(changed('2026-01-04T00:00:00Z'), 'made anew');

    expect(dataset).toMatchObject({ state: 'ready', tableName: 'people' });
  });

  it('may be asked again when the request waits as a dead letter, and takes what a replay brings', () => {
    const dataset = aDataset();
    dataset.request('creating', 'mine');

    dataset.interrupt('extend', 'Not this one.', new Date());
    expect(dataset.state).toBe('creating');
    dataset.interrupt('create', 'The disk is full.', new Date());
    expect(dataset).toMatchObject({ state: 'failed', problem: { code: 'interrupted' } });
    dataset.takeChanged(changed('2026-01-04T00:00:00Z'), 'mine');

    expect(dataset).toMatchObject({ state: 'ready', problem: null });
  });
});

function aDataset(): Dataset {
  return Object.assign(new Dataset(), {
    name: 'people',
    state: 'dropped',
    tableName: null,
    columns: [],
    keys: [],
    rows: 0,
    problem: null,
    requestId: null,
    changedAt: null,
  });
}

function aReadyDataset(): Dataset {
  const dataset = aDataset();
  dataset.takeChanged(changed('2026-01-01T00:00:00Z'), 'an import');
  return dataset;
}

function changed(changedAt: string): DatasetChanged {
  const columns = [{ name: 'id', type: 'bigint' as const, nullable: false }];
  return { dataset: 'people', table: 'people', columns, keys: [], rows: 5, changedAt };
}

function refusal(action: DatasetRefused['action']): DatasetRefused {
  const refusedAt = '2026-01-02T00:00:00Z';
  return { dataset: 'people', action, code: 'invalid_dataset', message: 'No.', refusedAt };
}
