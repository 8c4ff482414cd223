import type { CollectedSpan } from './read-spans.mts';

export interface TreeOptions {
  /** Each statement has a line of its own; else a step says how many it made. (Default: false) */
  withStatements?: boolean;
}

/**
 * A trace as a tree: when each step began, counted from the first, how long it took, in which service, and
 * how it ended. A step whose parent was not collected stands at the left, marked with `?`.
 */
export function traceTree(
  spans: readonly CollectedSpan[],
  { withStatements = false }: TreeOptions = {},
): string {
  const ordered = spans.toSorted((a, b) => Number(a.startedAt - b.startedAt));
  const [first] = ordered;
  if (!first) return 'No spans.';
  const steps = withStatements ? ordered : ordered.filter((span) => !isStatement(span));
  const ids = new Set(ordered.map(({ spanId }) => spanId));
  const lines = [' at ms   took ms  service'];
  const add = (span: CollectedSpan, lead: string, branch: string): void => {
    const statements = ordered.filter((each) => each.parentId === span.spanId && isStatement(each));
    lines.push(
      lineOf(span, {
        origin: first.startedAt,
        lead: `${lead}${branch}`,
        statements: withStatements ? [] : statements,
      }),
    );
    const children = fold(steps.filter(({ parentId }) => parentId === span.spanId));
    const inner = `${lead}${below[branch] ?? ''}`;
    for (const child of children) add(child, inner, child === children.at(-1) ? '└─ ' : '├─ ');
  };
  for (const span of steps) {
    if (span.parentId !== undefined && ids.has(span.parentId)) continue;
    add(span, '', span.parentId === undefined ? '' : '? ');
  }
  return lines.join('\n');
}

/** Files that are opened one after the other become one line. */
function fold(spans: readonly CollectedSpan[]): CollectedSpan[] {
  const folded: (CollectedSpan & { count: number })[] = [];
  for (const span of spans) {
    const last = folded.at(-1);
    if (last && last.name.startsWith('storage') && last.name.split(' × ')[0] === span.name) {
      last.count += 1;
      last.endedAt = span.endedAt;
      last.name = `${span.name} × ${last.count}`;
    } else folded.push({ ...span, count: 1 });
  }
  return folded;
}

const below: Record<string, string> = { '├─ ': '│  ', '└─ ': '   ', '? ': '  ' };

/** COPY is what a chunk is about; the other statements are how it is done. */
function isStatement({ attributes }: CollectedSpan): boolean {
  return 'db.system.name' in attributes && attributes['db.query.summary'] !== 'COPY';
}

interface Line {
  origin: bigint;
  lead: string;
  statements: readonly CollectedSpan[];
}

function lineOf(span: CollectedSpan, { origin, lead, statements }: Line): string {
  const at = ms(span.startedAt - origin)
    .toFixed(0)
    .padStart(6);
  const took = ms(span.endedAt - span.startedAt)
    .toFixed(1)
    .padStart(9);
  const service = span.service.replace('offload-', '').padEnd(8);
  return `${at} ${took}  ${service} ${lead}${span.name}${endOf(span, statements)}`;
}

function endOf(
  { attributes, exceptions, hasFailed, links }: CollectedSpan,
  statements: readonly CollectedSpan[],
): string {
  const attempt = Number(attributes['offload.attempt'] ?? 1);
  const inDatabase = statements.reduce((sum, each) => sum + ms(each.endedAt - each.startedAt), 0);
  const told = [
    attributes['http.response.status_code'],
    attributes['offload.outcome'],
    attributes['offload.mail.verdict'],
    attempt > 1 ? `attempt ${attempt}` : undefined,
    hasFailed ? `failed: ${[...new Set(exceptions)].join(', ')}` : undefined,
    links.length > 0 ? `linked with ${links.join(', ')}` : undefined,
    statements.length > 0
      ? `${statements.length} statements ${inDatabase.toFixed(0)} ms`
      : undefined,
  ].filter((each) => each !== undefined);
  return told.length > 0 ? `  [${told.join(', ')}]` : '';
}

function ms(nanoseconds: bigint): number {
  return Number(nanoseconds) / 1e6;
}
