import { CreateImportRequest } from './import-request.js';
import { ChangeMappingRequest } from './mappings.js';

const upload_id = '0198d0e4-5c1a-7a3e-9b1d-2f6c8e4a1b01';
const columns = [
  { name: 'id', type: 'bigint' as const, nullable: false },
  { name: 'made', type: 'uuid' as const, nullable: false, generated: 'uuid' as const },
];

describe('what an import is asked to do', () => {
  it('may be everything that fits together', () => {
    const request = {
      upload_id,
      dataset: { name: 'people', columns, keys: [['id']] },
      source: { format: 'csv', delimiter: ';', quote: "'", packing: 'zip', entry: 'a.csv' },
      values: { decimal: ',', thousands: '.', trues: ['ja'], falses: ['nein'] },
      mapping: { columns: [{ to: 'id', from: 'Nr' }], others: 'ignore' },
      mode: 'upsert',
      key: ['id'],
      on_conflict: 'skip',
      reject_limit: { percent: 5 },
      hold_for_review: true,
    };

    expect(CreateImportRequest.parse(request)).toEqual(request);
  });

  it.each<[object, string, string, RegExp]>([
    [{ key: ['id'] }, 'key', 'contradiction', /this import would append/],
    [{ mode: 'replace', on_conflict: 'skip' }, 'on_conflict', 'contradiction', /would replace/],
    [
      { dry_run: true, hold_for_review: true },
      'hold_for_review',
      'contradiction',
      /stores nothing/,
    ],
    [
      { on_error: 'abort', reject_limit: { rows: 3 } },
      'reject_limit',
      'contradiction',
      /leave the limit out/,
    ],
    [{ mode: 'upsert', key: ['id', 'id'] }, 'key.1', 'repeated', /stands here twice/],
    [
      { mode: 'upsert', key: ['nr'], dataset: { name: 'p', columns } },
      'key.0',
      'unknown_column',
      /none of the columns/,
    ],
    [
      { dataset: { name: 'p', columns, keys: [['id'], ['nr']] } },
      'dataset.keys.1.0',
      'unknown_column',
      /none of the columns/,
    ],
    [
      { dataset: { name: 'p', columns: [columns[0], columns[0]] } },
      'dataset.columns.1.name',
      'repeated',
      /a column “id” already/,
    ],
    [
      { mapping: mapped('id', 'id') },
      'mapping.columns.1.to',
      'repeated',
      /Another entry fills the column “id” already/,
    ],
    [{ mapping: mapped('_row') }, 'mapping.columns.0.to', 'reserved', /begin with _/],
    [
      { mapping: mapped('made'), dataset: { name: 'p', columns } },
      'mapping.columns.0.to',
      'generated',
      /filled by the database/,
    ],
    [
      { mapping: mapped('nr'), dataset: { name: 'p', columns } },
      'mapping.columns.0.to',
      'unknown_column',
      /none of the columns/,
    ],
    [{ mapping: mapped('id'), mapping_id: upload_id }, 'mapping_id', 'contradiction', /not both/],
    [{ source: { delimiter: ';', quote: ';' } }, 'source.quote', 'contradiction', /delimiter/],
    [{ source: { quote: null, escape: '\\' } }, 'source.escape', 'contradiction', /nothing to/],
    [{ source: { packing: 'gzip', entry: 'a' } }, 'source.entry', 'contradiction', /zip/],
    [{ source: { format: 'csv', sheet: 2 } }, 'source.sheet', 'contradiction', /workbook/],
    [
      { source: { format: 'json', delimiter: ',' } },
      'source.delimiter',
      'contradiction',
      /Only CSV/,
    ],
    [{ values: { decimal: ',', thousands: ',' } }, 'values.thousands', 'contradiction', /same sep/],
    [{ values: { trues: ['X'], falses: ['x'] } }, 'values.falses', 'contradiction', /both/],
  ])('is refused where it contradicts itself: %j', (wishes, path, code, words) => {
    const request = { upload_id, dataset: { name: 'people' }, ...wishes };

    const issues = CreateImportRequest.safeParse(request).error?.issues ?? [];

    expect(issues.map((issue) => issue.path.join('.'))).toEqual([path]);
    expect(issues[0]?.message).toMatch(words);
    if (issues[0]?.code !== 'custom') throw new Error('It is no rule of ours.');
    expect(issues[0].params?.['code']).toBe(code);
  });

  it('is a saved mapping only with something to change', () => {
    expect(ChangeMappingRequest.safeParse({}).success).toBe(false);
    expect(ChangeMappingRequest.safeParse({ name: ' a ' }).data).toEqual({ name: 'a' });
  });
});

function mapped(...names: string[]): object {
  return { columns: names.map((to) => ({ to, from: to })) };
}
