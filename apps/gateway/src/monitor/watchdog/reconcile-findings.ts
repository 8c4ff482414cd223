import type { FindingCode } from '@offload/contracts/http';
import type { Trouble } from './facts.js';

/** A finding that has not been resolved, as it stands in the table. */
export interface KnownFinding {
  id: string;
  code: FindingCode;
  severity: Trouble['severity'];
  subject: string;
  detail: string;
  remedy: string;
  since: Date;
  lastSeenAt: Date;
  /** Otherwise only suspected, and told to nobody. */
  isConfirmed: boolean;
}

/** What a look does to the table. */
export type Change =
  | { kind: 'suspect'; trouble: Trouble }
  | { kind: 'open'; trouble: Trouble; known: KnownFinding | undefined }
  | { kind: 'see'; trouble: Trouble; known: KnownFinding; isWorse: boolean }
  | { kind: 'resolve'; known: KnownFinding }
  | { kind: 'drop'; known: KnownFinding };

export interface Look {
  now: Date;
  everyMs: number;
  known: readonly KnownFinding[];
  seen: readonly Trouble[];
  /** What could be judged; findings of other codes are left as they are. */
  judged: ReadonlySet<FindingCode>;
}

/** Not seen in the third look any more. */
const resolvedAfterLooks = 2.5;

/**
 * Compares what a look has seen with what is known.
 *
 * A trouble that must be confirmed is a suspicion first; it is opened when every look for so long has
 * seen it, and dropped with the first that does not. What is open is resolved only after three looks
 * without it, so that it does not flap.
 */
export function reconcile({ now, everyMs, known, seen, judged }: Look): Change[] {
  const knownByKey = new Map(known.map((finding) => [keyOf(finding), finding]));
  const seenByKey = new Map(seen.map((trouble) => [keyOf(trouble), trouble]));
  const unseenMs = ({ lastSeenAt }: KnownFinding): number => now.getTime() - lastSeenAt.getTime();

  const changes: Change[] = [...seenByKey].flatMap(([key, trouble]) => {
    const finding = knownByKey.get(key);
    if (finding?.isConfirmed) return [seeAgain(finding, trouble)];
    // Nobody has looked for a while, so nobody knows whether it was there all the time.
    if (finding && unseenMs(finding) > resolvedAfterLooks * everyMs) {
      return [{ kind: 'drop', known: finding }, ...begin(trouble)];
    }
    if (!finding) return begin(trouble);
    const { confirmAfterMs = 0 } = trouble;
    // A quarter of a period: looks are not exactly so far apart.
    const isConfirmed = now.getTime() - finding.since.getTime() >= confirmAfterMs - everyMs / 4;
    return isConfirmed ? [{ kind: 'open', trouble, known: finding }] : [seeAgain(finding, trouble)];
  });

  for (const finding of known) {
    if (seenByKey.has(keyOf(finding)) || !judged.has(finding.code)) continue;
    if (!finding.isConfirmed) changes.push({ kind: 'drop', known: finding });
    else if (unseenMs(finding) >= resolvedAfterLooks * everyMs)
      changes.push({ kind: 'resolve', known: finding });
  }
  return changes;
}

function begin(trouble: Trouble): Change[] {
  return trouble.confirmAfterMs
    ? [{ kind: 'suspect', trouble }]
    : [{ kind: 'open', trouble, known: undefined }];
}

function seeAgain(known: KnownFinding, trouble: Trouble): Change {
  const isWorse = known.severity === 'warning' && trouble.severity === 'critical';
  return { kind: 'see', trouble, known, isWorse: isWorse && known.isConfirmed };
}

function keyOf({ code, subject }: { code: FindingCode; subject: string }): string {
  return `${code} ${subject}`;
}
