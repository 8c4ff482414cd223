import type { ImportProgress, ImportResource, WorkHold } from '@offload/contracts/http';
import type { Import } from './import.entity.js';
import { summarise } from './summarise-import.js';

/**
 * What people see of an import. `hold` is what holds imports up at this moment, if anything does; an
 * event about an import tells that it has moved, and has none.
 */
export function importResource(run: Import, hold: WorkHold | null = null): ImportResource {
  return {
    id: run.id,
    object: 'import',
    state: run.state,
    name: run.name,
    upload_id: run.uploadId,
    file_name: run.fileName,
    dataset: { name: run.dataset, columns: run.columns },
    progress: importProgress(run),
    summary: summarise(run),
    rejections: run.rejections.map(({ firstLine, ...rejection }) => ({
      ...rejection,
      first_line: firstLine,
    })),
    hold: run.hasEnded ? null : hold,
    problem:
      run.problemCode === null ? null : { code: run.problemCode, detail: run.problemDetail ?? '' },
    notify: run.notifyEmail === null ? null : { email: run.notifyEmail },
    created_at: run.createdAt.toISOString(),
    started_at: run.startedAt?.toISOString() ?? null,
    finished_at: run.finishedAt?.toISOString() ?? null,
    links: {
      self: `/v1/imports/${run.id}`,
      upload: `/v1/uploads/${run.uploadId}`,
      events: `/v1/events?topics=import:${run.id}`,
      rows: `/v1/datasets/${run.dataset}/rows`,
    },
  };
}

/**
 * How far it has come, as of the last report: nothing here depends on when it is asked for, so that an
 * unchanged import keeps its ETag.
 */
export function importProgress(run: Import): ImportProgress {
  return {
    bytes_done: run.bytesDone,
    bytes_total: run.bytesTotal,
    rows_loaded: run.rowsLoaded,
    rows_rejected: run.rowsRejected,
    percent: percentOf(run),
    ...speedOf(run),
  };
}

/** 100 only when everything is committed: the last percent is not given away before. */
function percentOf({ state, bytesDone, bytesTotal }: Import): number {
  if (state === 'completed' || state === 'completed_with_errors') return 100;
  return bytesTotal === 0 ? 0 : Math.min(99, Math.floor((bytesDone / bytesTotal) * 100));
}

function speedOf(run: Import): Pick<ImportProgress, 'rate_rows_s' | 'eta_s'> {
  const until = run.finishedAt ?? run.progressedAt;
  const elapsedS = run.startedAt && until ? (until.getTime() - run.startedAt.getTime()) / 1000 : 0;
  if (elapsedS <= 0) return { rate_rows_s: null, eta_s: null };
  const left = run.bytesTotal - run.bytesDone;
  // Bytes without rows are the header: nothing to judge the speed by.
  const canTell = run.state === 'loading' && run.rowsLoaded + run.rowsRejected > 0;
  return {
    rate_rows_s: Math.round((run.rowsLoaded + run.rowsRejected) / elapsedS),
    eta_s: canTell ? Math.ceil((left * elapsedS) / run.bytesDone) : null,
  };
}
