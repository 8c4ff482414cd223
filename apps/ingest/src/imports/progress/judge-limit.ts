import type { ImportOptions } from '@offload/contracts';

/** Rows of an import as far as they are known. */
export interface Judged {
  rejected: number;
  /** All rows of the file; undefined while it is still being read. */
  rows?: number;
}

/** Why an import may not go on. */
export interface LimitBroken {
  code: 'row_rejected' | 'reject_limit_exceeded';
  message: string;
}

/** Tells whether more rows were rejected than the import bears. */
export function judgeLimit(
  { onError, rejectLimit }: Pick<ImportOptions, 'onError' | 'rejectLimit'>,
  { rejected, rows }: Judged,
): LimitBroken | undefined {
  if (onError === 'abort' && rejected > 0) {
    const message =
      'A row was rejected, and the import was asked to stop then. Nothing of the file is stored.';
    return { code: 'row_rejected', message };
  }
  const most = rejectLimit?.rows;
  if (most !== undefined && rejected > most) return exceeded(rejected, figure(most));
  const percent = rejectLimit?.percent;
  if (percent !== undefined && rows !== undefined && rejected * 100 > percent * rows) {
    return exceeded(rejected, `${percent} % of ${figure(rows)}`);
  }
  return undefined;
}

/** Such an import stores all of its rows together, or none. */
export function isAllOrNothing({
  onError,
  rejectLimit,
}: Pick<ImportOptions, 'onError' | 'rejectLimit'>): boolean {
  return onError === 'abort' || rejectLimit !== undefined;
}

function exceeded(rejected: number, most: string): LimitBroken {
  const were = rejected === 1 ? '1 row was' : `${figure(rejected)} rows were`;
  return {
    code: 'reject_limit_exceeded',
    message: `${were} rejected, and the limit is ${most}. Nothing of the file is stored.`,
  };
}

function figure(count: number): string {
  return count.toLocaleString('en');
}
