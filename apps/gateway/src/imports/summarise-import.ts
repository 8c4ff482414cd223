import type { Import } from './import.entity.js';

type Summarised = Pick<
  Import,
  'state' | 'fileName' | 'dataset' | 'rowsLoaded' | 'rowsRejected' | 'rejections' | 'problemDetail'
>;

/** One sentence for people about an import that has ended; null before. */
export function summarise(run: Summarised): string | null {
  const { state, fileName, dataset, rowsLoaded, rowsRejected } = run;
  if (state === 'failed') {
    return `“${fileName}” could not be imported: ${run.problemDetail ?? 'the reason is not known.'}`;
  }
  if (state !== 'completed' && state !== 'completed_with_errors') return null;
  const loaded = `${rows(rowsLoaded)} of “${fileName}” ${wereOrWas(rowsLoaded)} loaded into ${dataset}`;
  if (rowsRejected === 0) return `${loaded}.`;
  return `${loaded}; ${rows(rowsRejected)} ${wereOrWas(rowsRejected)} rejected${mostOften(run)}.`;
}

function mostOften({ rejections }: Summarised): string {
  const [first] = rejections;
  if (!first) return '';
  const reason = first.message.replace(/\.$/, '');
  return `, ${rejections.length > 1 ? 'most often because' : 'because'}: ${reason} (first on line ${first.firstLine})`;
}

function rows(count: number): string {
  return count === 1 ? '1 row' : `${count.toLocaleString('en')} rows`;
}

function wereOrWas(count: number): string {
  return count === 1 ? 'was' : 'were';
}
