import { counterMetric, histogramMetric } from '@offload/platform';

export const importRows = counterMetric('offload_import_rows_total', {
  help: 'Rows of files, counted after the commit of their chunk or part: `stored` is in the dataset (created or changed), `set_aside` waits for the merge that takes it over and counts again with what becomes of it, `unchanged` and `skipped` met a row that stays as it was, `rejected` is in the list of rejected rows. A trial counts what is set aside and rejected alone.',
  labels: { result: ['stored', 'set_aside', 'unchanged', 'skipped', 'rejected'] },
});

export const importBytes = counterMetric('offload_import_bytes_total', {
  help: 'Bytes of chunks, counted after the commit of the chunk; of a packed or converted file those of its plain copy.',
});

export const importChunks = counterMetric('offload_import_chunks_total', {
  help: 'Chunks, counted after their commit: `copied` went to PostgreSQL as they stood in the file, `read` were read record by record, because of a bad row or of their format.',
  labels: { path: ['copied', 'read'] },
});

export const importPhaseDuration = histogramMetric('offload_import_phase_duration_seconds', {
  help: 'Phases of imports that are over, and how long they took, counted after the commit of the import’s next state. `waiting` is for another import of the same dataset; what waits for a person is no phase.',
  labels: {
    phase: ['converting', 'waiting', 'loading', 'counting', 'merging', 'fixing', 'reverting'],
  },
  buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180, 600, 1800, 7200],
});

export const importsEnded = counterMetric('offload_imports_ended_total', {
  help: 'Imports that came to an end, counted after that commit; trials too. One that is retried, corrected or reverted afterwards ends again.',
  labels: {
    outcome: ['completed', 'completed_with_errors', 'failed', 'canceled', 'reverted'],
  },
});
