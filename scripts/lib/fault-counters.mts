import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { say } from './say.mts';

/** What became of numbered requests under faults; every fault spec tells exactly this. */
export interface FaultCounters {
  /** Requests that were made. */
  attempted: number;
  /** Requests that were answered with 201 or 202. */
  accepted: number;
  /** Things that happened: rows, imports or mails. */
  effects: number;
  /** Accepted, and nothing happened. */
  lost: number;
  /** Happened more than once, and nobody was told. */
  doubled: number;
  /** Happened, and nobody had asked for it. */
  unexpected: number;
  /** E-mails that the relay took again with the same Message-ID, each told as an attempt in doubt. */
  repeated: number;
  /** Times that something was broken on purpose. */
  faults: number;
}

const NAMES = [
  'attempted',
  'accepted',
  'effects',
  'lost',
  'doubled',
  'unexpected',
  'repeated',
  'faults',
] as const satisfies (keyof FaultCounters)[];

interface Line extends FaultCounters {
  scenario: string;
}

/** Tells the counters of a scenario, and keeps them in FAULT_COUNTERS for the sums over all of them. */
export function tellFaults(scenario: string, counters: FaultCounters): void {
  say(`${scenario}: ${NAMES.map((name) => `${name} ${counters[name]}`).join(', ')}`);
  const file = process.env.FAULT_COUNTERS;
  if (file) appendFileSync(file, `${JSON.stringify({ scenario, ...counters })}\n`);
}

/** The counters that a run has kept, as a table with their sums; undefined when there are none. */
export function faultTable(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const lines = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
  const all = [...lines, { scenario: 'all', ...sumOf(lines) }];
  const rows = all.map((line) => [line.scenario, ...NAMES.map((name) => String(line[name]))]);
  return layOut([['scenario', ...NAMES], ...rows]);
}

/** Adds counters of different things, or of different scenarios, up. */
export function sumOf(counters: readonly FaultCounters[]): FaultCounters {
  const total = (name: keyof FaultCounters): number =>
    counters.reduce((sum, each) => sum + each[name], 0);
  return Object.fromEntries(NAMES.map((name) => [name, total(name)])) as unknown as FaultCounters;
}

function layOut(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => {
          const width = widths[column] ?? 0;
          return column === 0 ? cell.padEnd(width) : cell.padStart(width);
        })
        .join('  '),
    )
    .join('\n');
}
