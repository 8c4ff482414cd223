import type { CollectedSpan } from './read-spans.mts';

export interface TreeOptions {
  /** Alike statements one after the other become one line. (Default: true) */
  folds?: boolean;
}

/**
 * A trace as a tree: when each step began, counted from the first, how long it took, in which service, and
 * how it ended. A step whose parent was not collected stands at the top, marked with `?`.
 */
export function traceTree(
  spans: readonly CollectedSpan[],
  { folds = true }: TreeOptions = {},
): string {
  const ordered = spans.toSorted((a, b) => Number(a.startedAt - b.startedAt));
  const ids = new Set(ordered.map(({ spanId }) => spanId));
  const [first] = ordered;
  if (!first) return 'No spans.';
  const lines: string[] = [];
  const childrenOf = (id: string): CollectedSpan[] =>
    ordered.filter(({ parentId }) => parentId === id);
  const add = (span: CollectedSpan, count: number, lead: string, branch: string): void => {
    lines.push(lineOf(span, count, first.startedAt, lead + branch));
    const groups = group(childrenOf(span.spanId), folds, (id) => childrenOf(id).length > 0);
    const inner = branch === '' ? '' : `${lead}${branch.startsWith('├') ? '│  ' : '   '}`;
    groups.forEach(({ span: child, count: times }, index) =>
      add(child, times, inner, index === groups.length - 1 ? '└─ ' : '├─ '),
    );
  };
  for (const span of ordered) {
    if (span.parentId !== undefined && ids.has(span.parentId)) continue;
    add(span, 1, '', span.parentId === undefined ? '' : '? ');
  }
  return lines.join('\n');
}

interface Group {
  span: CollectedSpan;
  count: number;
}

function group(
  spans: readonly CollectedSpan[],
  folds: boolean,
  hasChildren: (id: string) => boolean,
): Group[] {
  const groups: Group[] = [];
  for (const span of spans) {
    const last = groups.at(-1);
    const isAlike = folds && last?.span.name === span.name && !hasChildren(span.spanId);
    if (last && isAlike && !span.hasFailed && !hasChildren(last.span.spanId)) {
      last.span = { ...last.span, endedAt: span.endedAt };
      last.count += 1;
    } else groups.push({ span, count: 1 });
  }
  return groups;
}

function lineOf(span: CollectedSpan, count: number, origin: bigint, lead: string): string {
  const times = `${ms(span.startedAt - origin)} ${ms(span.endedAt - span.startedAt)}`;
  const name = count === 1 ? span.name : `${span.name} × ${count}`;
  const service = span.service.replace('offload-', '').padEnd(8);
  return `${times}  ${service} ${lead}${name}${endOf(span)}`.trimEnd();
}

function endOf({ attributes, exceptions, hasFailed, links }: CollectedSpan): string {
  const told = [
    attributes['http.response.status_code'],
    attributes['offload.outcome'],
    attributes['offload.mail.verdict'],
    Number(attributes['offload.attempt'] ?? 1) > 1
      ? `attempt ${attributes['offload.attempt']}`
      : '',
    hasFailed ? `FAILED ${[...new Set(exceptions)].join(', ')}`.trim() : '',
    links.length > 0 ? `linked with ${links.join(', ')}` : '',
  ].filter((each) => each !== undefined && each !== '');
  return told.length > 0 ? `  [${told.join(', ')}]` : '';
}

/** Milliseconds in a column of their own. */
function ms(nanoseconds: bigint): string {
  return (Number(nanoseconds) / 1e6).toFixed(1).padStart(8);
}
