/** An import that writes to a dataset, or wants to: beside others of the kind `shared`, or alone. */
export interface Turn {
  importId: string;
  kind: TurnKind;
  isGranted: boolean;
}

export type TurnKind = 'shared' | 'exclusive';

/**
 * Tells which of the imports that wait may begin, given all of one dataset in the order in which they came.
 *
 * Whoever comes first is first: an import that wants the dataset for itself waits for those before it, and those
 * behind it wait for it, so that none waits for ever.
 */
export function grantTurns(turns: readonly Turn[]): string[] {
  const granted: string[] = [];
  for (const [place, { importId, kind, isGranted }] of turns.entries()) {
    if (kind === 'exclusive' && place > 0) break;
    if (!isGranted) granted.push(importId);
    if (kind === 'exclusive') break;
  }
  return granted;
}
