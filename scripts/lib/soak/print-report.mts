import { SERVICES } from '../services.mts';
import { type Evidence, type Rule, trendOf, words } from './judge.mts';
import type { Held } from './sampler.mts';

/** Prints the tables of a soak in Markdown. */
export function printReport({
  minutes,
  before,
  during,
  after,
  happened,
  verdict,
}: Evidence & { minutes: number; verdict: readonly Rule[] }): void {
  console.log(`\n### ${minutes} minutes, ${during.length} looks\n`);
  table(
    ['what', 'accepted', 'effects', 'lost', 'doubled', 'repeated'],
    happened.counts.map(({ what, accepted, effects, lost, doubled, repeated }) => [
      what,
      ...[accepted, effects, lost, doubled, repeated].map(String),
    ]),
  );
  table(
    ['done', 'times'],
    [...happened.done]
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([what, times]) => [what, String(times)]),
  );
  for (const service of SERVICES) {
    const names = Object.keys(words) as (keyof Held)[];
    table(
      [service, 'before', 'least', 'median', 'most', 'after', 'slope an hour'],
      names.map((name) => {
        const values = during.map(({ held }) => held[service][name]).toSorted((a, b) => a - b);
        const trend =
          name === 'heapMib' || name === 'rssMib' ? trendOf(service, name, during) : undefined;
        return [
          words[name],
          ...[
            before.held[service][name],
            values[0],
            values[Math.floor(values.length / 2)],
            values.at(-1),
            after.held[service][name],
          ].map(short),
          trend ? `${trend.perHour.toFixed(1)} ± ${trend.give.toFixed(1)}` : '',
        ];
      }),
    );
  }
  const most = (read: (sample: Evidence['during'][number]) => number): string =>
    short(Math.max(...during.map(read)));
  table(
    ['of all', 'most', 'after'],
    [
      ['messages in queues', most(({ messages }) => messages), short(after.messages)],
      ['messages in outboxes', most(({ outbox }) => outbox), short(after.outbox)],
      ['imports and e-mails not at their end', most(({ open }) => open), short(after.open)],
    ],
  );
  table(
    ['rule', 'holds', 'found'],
    verdict.map(({ rule, holds, found }) => [
      rule,
      holds === undefined ? '–' : holds ? 'yes' : '**no**',
      found,
    ]),
  );
  for (const [problem, all] of Map.groupBy(happened.problems, (each) => each)) {
    console.log(`- ${all.length} × ${problem}`);
  }
}

function short(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '';
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((cell, column) =>
    Math.max(3, cell.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  console.log([line(head), `| ${rule.join(' | ')} |`, ...rows.map(line), ''].join('\n'));
}
