import type { DatasetColumn } from '@offload/contracts';
import { Deliveries } from '@offload/messaging';
import { MetricsRegistry } from '@offload/platform';
import { aDatasetName, importHarness, type ImportWanted } from '../../../test/import-harness.js';
import { ImportMetrics } from './import-metrics.js';

const columns: DatasetColumn[] = [
  { name: 'id', type: 'bigint', nullable: false },
  { name: 'name', type: 'text', nullable: true },
];
const people = { columns, keys: [['id']] };
const none = { stored: 0, set_aside: 0, unchanged: 0, skipped: 0, rejected: 0 };

describe(ImportMetrics.name, () => {
  const { importText } = importHarness();

  /** Imports the text with each message delivered twice; answers what was counted of it. */
  const countedOf = async (
    content: string,
    wanted: ImportWanted,
  ): Promise<{
    rows: Record<string, number>;
    ended: string[];
    bytes: number;
    phases: string[];
  }> => {
    const registry = new MetricsRegistry();
    const deliveries = new Deliveries();
    new ImportMetrics(registry, { deliveries }).onModuleInit();

    await importText(content, wanted, {
      times: 2,
      onSettled: (delivery) => deliveries.announce(delivery),
    });

    const valuesOf = async (name: string): Promise<{ label: string; value: number }[]> => {
      const metric = await registry.getSingleMetric(name)?.get();
      return (metric?.values ?? [])
        .filter((value) => !('metricName' in value) || String(value.metricName).endsWith('_count'))
        .map(({ labels, value }) => ({ label: String(Object.values(labels)[0] ?? ''), value }));
    };
    const happened = async (name: string): Promise<string[]> =>
      (await valuesOf(name)).filter(({ value }) => value > 0).map(({ label }) => label);
    const rows = await valuesOf('offload_import_rows_total');
    const [bytes] = await valuesOf('offload_import_bytes_total');
    return {
      rows: Object.fromEntries(rows.map(({ label, value }) => [label, value])),
      ended: await happened('offload_imports_ended_total'),
      bytes: bytes?.value ?? 0,
      phases: await happened('offload_import_phase_duration_seconds'),
    };
  };

  it('counts the rows of a file once, however often its messages come', async () => {
    const counted = await countedOf('id,name\n1,Ada\nx,Eve\n2,Grace\n', { columns });

    expect(counted).toEqual({
      rows: { ...none, stored: 2, rejected: 1 },
      ended: ['completed_with_errors'],
      bytes: 20,
      phases: ['loading'],
    });
  });

  it('counts what a merge makes of the rows that were set aside', async () => {
    const dataset = aDatasetName();
    await importText('id,name\n1,Ada\n2,Grace\n', { dataset, ...people });

    const counted = await countedOf('id,name\n1,Ada\n2,Grace Hopper\n3,Edsger\n', {
      dataset,
      mode: 'upsert',
    });

    expect(counted).toMatchObject({
      rows: { ...none, set_aside: 3, stored: 2, unchanged: 1 },
      ended: ['completed'],
      phases: ['loading', 'merging'],
    });
  });

  it('counts the rows of a table that replaces another when it does', async () => {
    const dataset = aDatasetName();
    await importText('id,name\n1,Ada\n', { dataset, ...people });

    const { rows } = await countedOf('id,name\n1,Ada\n1,Eve\n2,Grace\n', {
      dataset,
      mode: 'replace',
    });

    expect(rows).toEqual({ ...none, set_aside: 3, stored: 2, rejected: 1 });
  });

  it('counts no row of a trial as stored', async () => {
    const dataset = aDatasetName();
    await importText('id,name\n1,Ada\n', { dataset, ...people });

    const { rows, phases } = await countedOf('id,name\n1,Eve\n2,Grace\nx,\n', {
      dataset,
      dryRun: true,
    });

    expect(rows).toEqual({ ...none, set_aside: 2, rejected: 2 });
    expect(phases).toEqual(['loading', 'counting']);
  });
});
