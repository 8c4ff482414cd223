import { Injectable } from '@nestjs/common';
import type {
  DeadLetterGroup,
  GroupKind,
  GroupList,
  ListGroupsQuery,
} from '@offload/contracts/http';
import { DataSource } from 'typeorm';
import { NotFound } from '../http/request-parts.js';
import { type Conditions, letterConditions, type LetterFilter } from './filter-letters.js';
import { groupResource } from './group-resource.js';
import { bucketOf, stepsOf } from './sparkline.js';

export interface GroupRow {
  id: string;
  kind: GroupKind;
  title: string;
  code: string;
  class: string;
  message_type: string | null;
  frame: string | null;
  fingerprint_version: number;
  created_at: Date;
  notes: string;
}

export interface CountedRow extends GroupRow {
  count: string;
  queues: (string | null)[];
  first_failed_at: Date;
  last_failed_at: Date;
  /** Where its sparkline begins: the earliest of the latest failures. */
  since: Date;
  example: string;
  total: string;
}

/** Groups of dead letters, counted over those that a filter leaves. */
@Injectable()
export class GroupsQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** The largest first; open dead letters, unless the filter names a state. */
  async list({ limit, ...filter }: ListGroupsQuery): Promise<GroupList> {
    const now = new Date();
    const conditions = letterConditions({ ...filter, state: filter.state ?? 'open' });
    const rows = await this.count(conditions, limit);
    const counts = await this.countSteps(conditions, rows, now);
    return {
      object: 'list',
      data: rows.map((row) => groupResource(row, counts.get(row.id), now)),
      total: Number(rows[0]?.total ?? 0),
    };
  }

  /** Counted over its open dead letters, of which there may be none left. Throws NotFound. */
  async get(id: string): Promise<DeadLetterGroup> {
    const filter: LetterFilter = { group: id };
    const [group]: DeadLetterGroup[] = (await this.list({ limit: 1, ...filter })).data;
    if (group) return group;
    const [row]: GroupRow[] = await this.dataSource.query(
      `select ${groupColumns} from dead_letter_group known where known.id = $1`,
      [id],
    );
    if (!row) throw new NotFound('group', id);
    return groupResource(emptied(row), undefined, new Date());
  }

  private async count({ sql, parameters }: Conditions, limit: number): Promise<CountedRow[]> {
    return this.dataSource.query(
      `with counted as (
         select letter.group_id, count(*) as count, array_agg(distinct letter.queue) as queues,
                min(letter.first_failed_at) as first_failed_at, min(letter.failed_at) as since,
                max(letter.failed_at) as last_failed_at, sum(count(*)) over () as total
           from dead_letter letter where ${sql}
          group by letter.group_id order by count desc, letter.group_id limit ${limit})
       select ${groupColumns}, counted.count, counted.queues, counted.first_failed_at,
              counted.last_failed_at, counted.since, counted.total, newest.failure_message as example
         from counted
         join dead_letter_group known on known.id = counted.group_id
         left join lateral (
           select letter.failure_message from dead_letter letter
            where letter.group_id = counted.group_id and ${sql}
            order by letter.id desc limit 1) newest on true
        order by counted.count desc, known.id`,
      parameters,
    );
  }

  /** How many of each group fall into each of its steps; steps without any are left out. */
  private async countSteps(
    { sql, parameters }: Conditions,
    groups: readonly CountedRow[],
    now: Date,
  ): Promise<Map<string, StepCount[]>> {
    if (groups.length === 0) return new Map();
    const next = parameters.length + 1;
    const rows: (StepCount & { id: string })[] = await this.dataSource.query(
      `select letter.group_id as id, ${bucketOf('letter.failed_at')} as step, count(*)::int as count
         from dead_letter letter
         join unnest($${next}::uuid[], $${next + 1}::timestamptz[], $${next + 2}::bigint[])
              as steps (group_id, starts_at, seconds) on steps.group_id = letter.group_id
        where ${sql} group by 1, 2`,
      [
        ...parameters,
        groups.map(({ id }) => id),
        groups.map(({ since }) => since),
        groups.map(({ since }) => stepsOf(since, now).bucketS),
      ],
    );
    const counts = new Map<string, StepCount[]>();
    for (const row of rows) counts.set(row.id, [...(counts.get(row.id) ?? []), row]);
    return counts;
  }
}

export interface StepCount {
  step: number;
  count: number;
}

const groupColumns = `known.id, known.kind, known.title, known.code, known.class, known.message_type,
  known.frame, known.fingerprint_version, known.created_at,
  (select count(*) from dead_letter_group_note note where note.group_id = known.id) as notes`;

function emptied(row: GroupRow): CountedRow {
  const at = row.created_at;
  return {
    ...row,
    count: '0',
    queues: [],
    first_failed_at: at,
    last_failed_at: at,
    since: at,
    example: '',
    total: '0',
  };
}
