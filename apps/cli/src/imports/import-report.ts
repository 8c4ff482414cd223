import type { ImportResource } from '@offload/contracts/http';
import { figure } from '../terminal/numbers.js';
import type { Style } from '../terminal/style.js';
import { table } from '../terminal/table.js';

const reasonsShown = 10;

/** How an import has ended: the sentence, and why rows were rejected. */
export function importReport(
  { summary, rejections, dataset }: ImportResource,
  { width, style }: { width: number; style: Style },
): string {
  const sentence = summary ?? `The rows are in the dataset ${dataset.name}.`;
  if (rejections.length === 0) return sentence;
  const reasons = table(
    [
      { title: 'ROWS', value: ({ rows }) => figure(rows), isNumber: true },
      { title: 'FIRST LINE', value: (each) => figure(each.first_line), isNumber: true },
      { title: 'COLUMN', value: ({ column }) => column ?? '–' },
      { title: 'CODE', value: ({ code }) => code },
      { title: 'REASON', value: ({ message }) => message, isFlexible: true },
    ],
    rejections.slice(0, reasonsShown),
    { width, style },
  );
  const more = rejections.length - reasonsShown;
  return [sentence, '', reasons, ...(more > 0 ? [`and ${figure(more)} other reasons`] : [])].join(
    '\n',
  );
}

/** What to type next; empty when there is nothing to do. */
export function nextSteps({ id, state, dry_run: isDry, ...run }: ImportResource): string[] {
  const { allowed_actions: allowed, progress } = run;
  if (state === 'awaiting_review') {
    return [
      'Let the rows in, or not:',
      `  offload imports confirm ${id} --watch`,
      `  offload imports cancel ${id}`,
    ];
  }
  if (progress.rows_rejected > 0 && (isDry || allowed.includes('fix'))) {
    return [
      isDry ? 'Look at the rejected rows:' : 'Correct the rejected rows, and load them:',
      `  offload imports errors ${id} --csv > errors.csv`,
      ...(isDry ? [] : [`  offload imports fix ${id} errors.csv --watch`]),
    ];
  }
  if (allowed.includes('retry')) {
    return ['Go on with what is not stored:', `  offload imports retry ${id} --watch`];
  }
  return [];
}
