import { Injectable } from '@nestjs/common';
import { QuickQuestion, SharedLook } from '@offload/platform';
import { DataSource } from 'typeorm';

/** How many things of a kind are in each state; what is not named is in none. */
export type StateCounts = Record<Counted, Map<string, number>>;
type Counted = 'import' | 'email' | 'upload' | 'dead_letter' | 'replay' | 'finding';

const keptMs = 5_000;
/** Longest that the database may take for it, in milliseconds. */
const timeoutMs = 1_000;

/**
 * Counts what the gateway's tables hold, by state, for the gauges: one statement for all of them, at most
 * every five seconds however often it is asked for.
 *
 * Its cost is bounded. Only what has not come to an end is counted, or what there is an index of by state;
 * each by an index, up to 100 000, and PostgreSQL ends the statement after a second.
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
const most = 100_000;

/** The groups of a table of which only the unfinished rows are looked at. */
const unfinished = (kind: Counted, column: string, where: string): string => `
  select '${kind}' as kind, state, count(*)::int as count
    from (select ${column} as state from "${kind}" where ${where} limit ${most}) as few
   group by state`;

export const statesQuery = [
  unfinished('import', 'state', 'finished_at is null'),
  unfinished('email', 'state', 'sent_at is null and failed_at is null'),
  unfinished('upload', 'state', 'removed_at is null'),
  unfinished('replay', 'state', 'finished_at is null'),
  unfinished('finding', 'code', 'resolved_at is null and confirmed_at is not null'),
  `select 'dead_letter', kind.state, (
            select count(*) from (
              select from dead_letter where state = kind.state limit ${most}) as few)::int
     from unnest('{open,replaying,resolved,discarded}'::text[]) as kind (state)`,
].join(' union all ');
