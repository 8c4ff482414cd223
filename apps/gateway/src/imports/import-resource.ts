import type {
  ImportProgress,
  ImportResource,
  LastAction,
  PhaseProgress,
  RevertCounts,
  RevertPreview,
  WorkHold,
} from '@offload/contracts/http';
import { phaseProgress, wholePercent } from './import-phases.js';
import type { AskedAction, AskedPreview, ImportRow, Reverted } from './import-row.js';
import { speedOf } from './import-speed.js';
import { allowedActions, isAtRest } from './import-states.js';
import { summarise } from './summarise-import.js';

/**
 * What people see of an import, by GET and in events alike. `hold` is what holds imports up at this moment,
 * if anything does; an event about an import tells that it has moved, and has none.
 */
export function importResource(run: ImportRow, hold: WorkHold | null = null): ImportResource {
  return {
    id: run.id,
    object: 'import',
    state: run.state,
    name: run.name,
    upload_id: run.uploadId,
    file_name: run.fileName,
    dataset: { name: run.dataset, columns: run.columns, keys: run.keys },
    ...wishes(run),
    read_as: run.readAs,
    source_columns: run.sourceColumns,
    attempt: run.attempt,
    progress: importProgress(run),
    summary: summarise(run),
    rejections: run.rejections.map(({ firstLine, ...rejection }) => ({
      ...rejection,
      first_line: firstLine,
    })),
    hold: isAtRest(run.state) ? null : hold,
    problem: problemOf(run),
    notify: run.notifyEmail === null ? null : { email: run.notifyEmail },
    allowed_actions: allowedActions(run),
    last_action: run.lastAction && lastAction(run.lastAction),
    revert_preview: run.revertPreview && revertPreview(run.revertPreview),
    reverted: run.reverted && revertCounts(run.reverted),
    created_by: run.keyId === null ? null : { key_id: run.keyId, name: run.keyName },
    created_at: run.createdAt.toISOString(),
    started_at: run.startedAt?.toISOString() ?? null,
    finished_at: run.finishedAt?.toISOString() ?? null,
    links: {
      self: `/v1/imports/${run.id}`,
      upload: `/v1/uploads/${run.uploadId}`,
      events: `/v1/events?topics=import:${run.id}`,
      rows: `/v1/datasets/${run.dataset}/rows`,
      errors: `/v1/imports/${run.id}/errors`,
      errors_csv: `/v1/imports/${run.id}/errors.csv`,
      kept_rows: `/v1/imports/${run.id}/kept-rows`,
      history: `/v1/imports?dataset=${run.dataset}`,
    },
  };
}

/**
 * How far it has come, as of the last report: nothing here depends on when it is asked for, so that an
 * unchanged import keeps its ETag.
 */
export function importProgress(run: ImportRow): ImportProgress {
  const phases = phaseProgress(run);
  const running = phases.find(({ state }) => state === 'running');
  return {
    bytes_done: run.bytesDone,
    bytes_total: run.bytesTotal,
    rows_loaded: run.rowsLoaded,
    rows_rejected: run.rowsRejected,
    rows_created: run.rowsCreated,
    rows_updated: run.rowsUpdated,
    rows_unchanged: run.rowsUnchanged,
    rows_skipped: run.rowsSkipped,
    percent: wholePercent(run),
    rate_rows_s: rowsPerSecond(run, running),
    eta_s: running?.eta_s ?? null,
    phases,
  };
}

/** Lately while it works, of whatever it does with rows; of all the time that it worked when it rests. */
function rowsPerSecond(run: ImportRow, running: PhaseProgress | undefined): number | null {
  if (isAtRest(run.state)) {
    const rows = run.rowsLoaded + run.rowsRejected;
    return run.workedMs > 0 ? Math.round((rows * 1000) / run.workedMs) : null;
  }
  if (running?.unit === 'rows') return running.rate_per_s;
  const speed = running?.name === 'loading' ? speedOf(run.samples) : undefined;
  return speed ? Math.max(0, Math.round(speed.rowsPerS)) : null;
}

/** What it was asked to do, as the request says it. */
function wishes({ options, mappingId }: ImportRow) {
  const { source, values, mapping, mode, key, onConflict, onError, rejectLimit } = options;
  return {
    source,
    values,
    mapping: mapping ?? null,
    mapping_id: mappingId,
    mode,
    key: key ?? null,
    on_conflict: mode === 'upsert' ? onConflict : null,
    on_error: onError,
    reject_limit: rejectLimit ?? null,
    dry_run: options.dryRun,
    hold_for_review: options.holdForReview,
  };
}

function problemOf({ state, interruption, problemCode, problemDetail }: ImportRow) {
  if (state === 'interrupted') return { code: 'interrupted', detail: interruption ?? '' };
  if (state !== 'failed' || problemCode === null) return null;
  return { code: problemCode, detail: problemDetail ?? '' };
}

function lastAction({ action, outcome, askedAt, askedBy, code, detail }: AskedAction): LastAction {
  return { action, outcome, asked_at: askedAt, asked_by: askedBy, code, detail };
}

function revertPreview({ askedAt, answeredAt, counts, refusal }: AskedPreview): RevertPreview {
  return {
    state: answeredAt === null ? 'pending' : counts === null ? 'refused' : 'ready',
    counts: counts && revertCounts(counts),
    detail: refusal,
    asked_at: askedAt,
    answered_at: answeredAt,
  };
}

function revertCounts({ rowsRemoved, rowsRestored, rowsKept }: Reverted): RevertCounts {
  return { rows_removed: rowsRemoved, rows_restored: rowsRestored, rows_kept: rowsKept };
}
