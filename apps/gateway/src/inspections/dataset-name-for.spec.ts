import { DatasetName } from '@offload/contracts';
import { datasetNameFor } from './dataset-name-for.js';

describe(datasetNameFor.name, () => {
  it.each([
    ['people.csv', 'people'],
    ['Verkäufe 2026 (final).csv.gz', 'verkaufe_2026_final'],
    ['2026-01.xlsx', 'data_2026_01'],
    ['日本.json', 'data'],
    ['.csv', 'data'],
    [`${'x'.repeat(100)}.csv`, 'x'.repeat(63)],
  ])('makes of %s the name %s, which a dataset can have', (fileName, name) => {
    expect(datasetNameFor(fileName)).toBe(name);
    expect(DatasetName.safeParse(name).success).toBe(true);
  });
});
