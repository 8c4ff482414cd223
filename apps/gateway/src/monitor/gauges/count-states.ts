import { Injectable } from '@nestjs/common';
import { DeadLetterState } from '@offload/contracts/http';
import { QuickQuestion, SharedLook } from '@offload/platform';
import { DataSource } from 'typeorm';

/** How many things of a kind are in each state; what is not named is in none. */
export type StateCounts = Record<Counted, Map<string, number>>;
type Counted = 'import' | 'email' | 'upload' | 'dead_letter' | 'replay' | 'finding';

/** Longest that the database may take for it, in milliseconds. */
const timeoutMs = 2_000;

/** An answer is kept for so long, and longer the longer it took: at most a fiftieth of the time goes into it. */
const keptMs = (tookMs: number): number => Math.max(5_000, 50 * tookMs);

/**
 * Counts what the gateway's tables hold, by state, for the gauges: one statement for all of them, at most
 * every five seconds however often it is asked for.
 *
 * Its cost is bounded. Only what has not come to an end is counted, or what there is an index of by state, each up to
 * 20 000; PostgreSQL ends the statement after two seconds.
 */
@Injectable()
export class CountStates {
  private readonly question: QuickQuestion;
  private readonly shared = new SharedLook(() => this.count(), keptMs);

  constructor(dataSource: DataSource) {
    this.question = new QuickQuestion(dataSource, statesQuery, timeoutMs);
  }

  /** Throws when the database cannot be asked, or does not answer in time. */
  read(): Promise<StateCounts> {
    return this.shared.read();
  }

  private async count(): Promise<StateCounts> {
    const rows = await this.question.ask();
    const counts: StateCounts = {
      import: new Map(),
      email: new Map(),
      upload: new Map(),
      dead_letter: new Map(),
      replay: new Map(),
      finding: new Map(),
    };
    for (const { kind, state, count } of rows as {
      kind: Counted;
      state: string;
      count: number;
    }[]) {
      counts[kind].set(state, count);
    }
    return counts;
  }
}

/** No count needs to be larger. */
const most = 20_000;

/** The groups of a table of which only the unfinished rows are looked at. */
const unfinished = (kind: Counted, column: string, where: string): string => `
  select '${kind}' as kind, state, count(*)::int as count
    from (select ${column} as state from "${kind}" where ${where} limit ${most}) as few
   group by state`;

/** By name: only then does PostgreSQL know how few there may be, and takes the index. */
const inState = (state: string): string => `
  select 'dead_letter', '${state}', count(*)::int
    from (select from dead_letter where state = '${state}' limit ${most}) as few`;

export const statesQuery = [
  unfinished('import', 'state', 'finished_at is null'),
  unfinished('email', 'state', 'sent_at is null and failed_at is null'),
  unfinished('upload', 'state', 'removed_at is null'),
  unfinished('replay', 'state', 'finished_at is null'),
  unfinished('finding', 'code', 'resolved_at is null and confirmed_at is not null'),
  ...DeadLetterState.options.map(inState),
].join(' union all ');
