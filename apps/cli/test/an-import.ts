import type { ImportProgress, ImportResource, PhaseProgress } from '@offload/contracts/http';

type Given = Partial<Omit<ImportResource, 'progress'>> & { progress?: Partial<ImportProgress> };

/** An import that loads; say what matters. */
export function anImport({ progress, ...given }: Given): ImportResource {
  const id = given.id ?? '01980000-0000-7000-8000-000000000001';
  return {
    id,
    object: 'import',
    state: 'loading',
    name: null,
    upload_id: '01980000-0000-7000-8000-000000000002',
    file_name: 'people.csv',
    dataset: { name: 'people', columns: null, keys: null },
    source: {},
    read_as: null,
    source_columns: null,
    values: {},
    mapping: null,
    mapping_id: null,
    mode: 'append',
    key: null,
    on_conflict: null,
    on_error: 'quarantine',
    reject_limit: null,
    dry_run: false,
    hold_for_review: false,
    attempt: 1,
    progress: {
      bytes_done: 0,
      bytes_total: 2048,
      rows_loaded: 0,
      rows_rejected: 0,
      rows_created: 0,
      rows_updated: 0,
      rows_unchanged: 0,
      rows_skipped: 0,
      percent: 0,
      rate_rows_s: null,
      eta_s: null,
      phases: [aPhase({})],
      ...progress,
    },
    summary: null,
    rejections: [],
    problem: null,
    hold: null,
    notify: null,
    allowed_actions: ['cancel'],
    last_action: null,
    revert_preview: null,
    reverted: null,
    created_by: { key_id: '01980000-0000-7000-8000-000000000003', name: 'ada' },
    created_at: '2026-11-22T11:59:00Z',
    started_at: '2026-11-22T11:59:01Z',
    finished_at: null,
    links: {
      self: `/v1/imports/${id}`,
      upload: '',
      events: '',
      rows: '',
      errors: '',
      errors_csv: '',
      kept_rows: '',
      history: '',
    },
    ...given,
  };
}

export function aPhase(given: Partial<PhaseProgress>): PhaseProgress {
  return {
    name: 'loading',
    state: 'running',
    done: 0,
    total: 2048,
    unit: 'bytes',
    percent: 0,
    rate_per_s: null,
    eta_s: null,
    ...given,
  };
}
