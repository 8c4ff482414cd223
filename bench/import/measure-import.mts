import type { ApiClient, ImportResource } from '../../scripts/lib/api-client.mts';
import { freshName } from './tables.mts';

export interface WantedImport {
  /** The body of `POST /v1/imports`. Without a name of the dataset it gets a fresh one. */
  request: { upload_id: string; dataset: { name?: string; [option: string]: unknown } } & Record<
    string,
    unknown
  >;
  badRows: number;
}

export interface MeasuredImport {
  seconds: number;
  dataset: string;
  end: ImportResource;
}

/**
 * From before the POST until the event stream says that the import has ended and closes. Throws unless it has
 * completed with so many rejected rows.
 */
export async function measureImport(
  api: ApiClient,
  { request, badRows }: WantedImport,
  signal: AbortSignal,
): Promise<MeasuredImport> {
  const dataset = request.dataset.name ?? freshName();
  const body = { ...request, dataset: { ...request.dataset, name: dataset } };
  const startedAt = performance.now();
  const { id } = await api.startImport(body);
  await api.followImport(id, () => undefined, signal);
  const seconds = (performance.now() - startedAt) / 1000;
  const end = await api.getImport(id);
  expectCompleted(end, badRows);
  return { seconds, dataset, end };
}

function expectCompleted({ state, problem, progress }: ImportResource, badRows: number): void {
  const wanted = badRows > 0 ? 'completed_with_errors' : 'completed';
  if (state === wanted && progress.rows_rejected === badRows) return;
  throw new Error(`The import is ${state} (${problem?.detail ?? progress.rows_rejected}).`);
}
