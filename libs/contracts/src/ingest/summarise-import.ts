import type { ImportTotals, Rejections } from './import-messages.js';

/** What the sentence is made of; the numbers are those that are shown beside it. */
export interface ImportOutcome extends Pick<
  ImportTotals,
  'rowsLoaded' | 'rowsRejected' | 'rowsCreated' | 'rowsUpdated' | 'rowsUnchanged' | 'rowsSkipped'
> {
  outcome: 'held' | 'completed' | 'failed' | 'canceled' | 'reverted';
  fileName: string;
  dataset: string;
  mode: 'append' | 'upsert' | 'replace';
  dryRun: boolean;
  rejections: Rejections;
  /** Why it has failed. */
  failure?: string | undefined;
  /** What undoing it has done. */
  reverted?: { rowsRemoved: number; rowsRestored: number; rowsKept: number } | undefined;
}

/**
 * How an import ended, in one sentence for people. The API, the event stream, the command line and the
 * e-mails all tell it with this function.
 */
export function summariseImport(run: ImportOutcome): string {
  return sentences[run.outcome](run);
}

const sentences: Record<ImportOutcome['outcome'], (run: ImportOutcome) => string> = {
  held: (run) =>
    `${rows(run.rowsLoaded)} of ${file(run)} ${areOrIs(run.rowsLoaded)} ready for ` +
    `${run.dataset}${changes(run, 'would be')}${rejected(run, wereOrWas)}. ` +
    'Nothing is stored until the import is confirmed.',
  completed: (run) => {
    if (!run.dryRun) return `${loaded(run)}${rejected(run, wereOrWas)}.`;
    return `Dry run: ${wouldBeLoaded(run)}${rejected(run, () => 'would be')}. Nothing was stored.`;
  },
  failed: ({ failure = 'the reason is not known.', ...run }) => {
    const why = `${run.dryRun ? 'Dry run: ' : ''}${file(run)} could not be imported: ${failure}`;
    const reasons = rejected(run, wereOrWas);
    return reasons === '' ? why : `${withoutStop(why)}${reasons}.`;
  },
  canceled: (run) => {
    const stay = run.rowsCreated + run.rowsUpdated;
    const fate =
      stay === 0
        ? 'nothing of it is in the dataset'
        : `${rows(stay)} that ${wereOrWas(stay)} stored before ${stay === 1 ? 'stays' : 'stay'}`;
    return `The import of ${file(run)} into ${run.dataset} was canceled; ${fate}.`;
  },
  reverted: ({ reverted, ...run }) => {
    const { rowsRemoved = 0, rowsRestored = 0, rowsKept = 0 } = reverted ?? {};
    const undone = `${rows(rowsRemoved)} ${wereOrWas(rowsRemoved)} removed`;
    const restored =
      rowsRestored === 0
        ? ''
        : `, ${figure(rowsRestored)} ${rowsRestored === 1 ? 'has its' : 'have their'} former values again`;
    const kept =
      rowsKept === 0
        ? ''
        : ` ${rows(rowsKept)} ${rowsKept === 1 ? 'stays' : 'stay'}, because somebody else has changed ${rowsKept === 1 ? 'it' : 'them'} since.`;
    return `The import of ${file(run)} into ${run.dataset} was reverted: ${undone}${restored}.${kept}`;
  },
};

function loaded({ rowsLoaded, dataset, mode, ...run }: ImportOutcome): string {
  const what = `${rows(rowsLoaded)} of ${file(run)}`;
  if (mode === 'replace') {
    return `${what} ${rowsLoaded === 1 ? 'has' : 'have'} taken the place of what was in ${dataset}`;
  }
  const parts = changes({ ...run, rowsLoaded, dataset, mode });
  const done = mode === 'upsert' ? 'merged' : 'loaded';
  return `${what} ${wereOrWas(rowsLoaded)} ${done} into ${dataset}${parts}`;
}

function wouldBeLoaded({ rowsLoaded, dataset, mode, ...run }: ImportOutcome): string {
  const what = `${rows(rowsLoaded)} of ${file(run)} would`;
  if (mode === 'replace') return `${what} take the place of what is in ${dataset}`;
  const parts = changes({ ...run, rowsLoaded, dataset, mode }, 'would be');
  return `${what} be ${mode === 'upsert' ? 'merged' : 'loaded'} into ${dataset}${parts}`;
}

/** What becomes of the rows, where loading is not all there is to say. */
function changes(run: ImportOutcome, verb = ''): string {
  const { mode, rowsCreated, rowsUpdated, rowsUnchanged, rowsSkipped } = run;
  if (mode !== 'upsert' && rowsSkipped === 0) return '';
  const parts = [
    ...(rowsCreated > 0 || mode === 'upsert'
      ? [`${figure(rowsCreated)} ${[verb, 'created'].filter(Boolean).join(' ')}`]
      : []),
    ...(rowsUpdated > 0 ? [`${figure(rowsUpdated)} updated`] : []),
    ...(rowsUnchanged > 0 ? [`${figure(rowsUnchanged)} unchanged`] : []),
    ...(rowsSkipped > 0 ? [`${figure(rowsSkipped)} skipped`] : []),
  ];
  return `: ${parts.join(', ')}`;
}

function rejected(
  { rowsRejected, rejections }: ImportOutcome,
  verb: (count: number) => string,
): string {
  if (rowsRejected === 0) return '';
  const [first] = rejections;
  const word = rejections.length > 1 ? 'most often because' : 'because';
  const why = first
    ? `, ${word}: ${withoutStop(first.message)} (first on line ${first.firstLine})`
    : '';
  return `; ${rows(rowsRejected)} ${verb(rowsRejected)} rejected${why}`;
}

function file({ fileName }: Pick<ImportOutcome, 'fileName'>): string {
  return `“${fileName}”`;
}

function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, '');
}

function rows(count: number): string {
  return count === 1 ? '1 row' : `${figure(count)} rows`;
}

function figure(count: number): string {
  return count.toLocaleString('en');
}

function wereOrWas(count: number): string {
  return count === 1 ? 'was' : 'were';
}

function areOrIs(count: number): string {
  return count === 1 ? 'is' : 'are';
}
