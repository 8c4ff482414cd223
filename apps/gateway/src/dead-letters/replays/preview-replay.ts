import { findContract } from '@offload/contracts';
import { defaultPace, type PaceChange, type ReplayPreview } from '@offload/contracts/http';
import type { EntityManager } from 'typeorm';
import { mostLetters } from '../change-letters.js';
import { changePace } from './change-pace.js';
import { type Candidates, selectCandidates, skipDetails } from './letters-to-replay.js';
import type { QueueHealth, ReadQueueHealth } from './queue-health.js';

interface Asked {
  candidates: Candidates;
  ids: readonly string[] | undefined;
  pace: PaceChange | undefined;
  inboxDays: number;
  readHealth: ReadQueueHealth;
}

/** What a replay of these would do, by the same rule, with nothing written. */
export async function previewReplay(tx: EntityManager, asked: Asked): Promise<ReplayPreview> {
  const { candidates, ids, inboxDays } = asked;
  const pace = changePace(defaultPace, asked.pace);
  const rows = await count(tx, candidates, inboxDays);
  const taken = rows.filter((row) => row.skip_code === null);
  const queues = [...new Set(taken.map(({ queue }) => queue).filter((queue) => queue !== ''))];
  const health = queues.length === 0 ? [] : await asked.readHealth(tx, queues);
  const total = sum(taken);
  return {
    object: 'replay_preview',
    count: total,
    groups: perGroup(taken),
    skipped: perCode(await withMissing(tx, rows, ids, candidates)),
    warnings: [
      ...health.flatMap((queue) => warningsOf(queue, pace.max_backlog_age_s)),
      ...unknownTypes(taken),
      ...(total > mostLetters ? [tooMany] : []),
    ],
    pace,
  };
}

interface CountRow {
  skip_code: string | null;
  group_id: string;
  title: string;
  queue: string;
  message_type: string | null;
  count: number;
}

async function count(
  tx: EntityManager,
  candidates: Candidates,
  inboxDays: number,
): Promise<CountRow[]> {
  const { parameters } = candidates;
  return tx.query(
    `select counted.*, found.title
       from (select skip_code, group_id, queue, message_type, count(*)::int as count
               from (${selectCandidates(candidates, `$${parameters.length + 1}::float8`)}) as candidate
              group by skip_code, group_id, queue, message_type) as counted
       join dead_letter_group found on found.id = counted.group_id
      order by counted.count desc`,
    [...parameters, inboxDays],
  );
}

type Skipped = { skip_code: string | null; count: number };

/** By a filter only open ones are meant; that another replay has some is worth knowing all the same. */
async function withMissing(
  tx: EntityManager,
  rows: readonly CountRow[],
  ids: readonly string[] | undefined,
  { sql, parameters }: Candidates,
): Promise<Skipped[]> {
  if (ids) {
    const distinct = [...new Set(ids)];
    const [known]: { count: number }[] = await tx.query(
      'select count(*)::int as count from dead_letter where id = any($1::uuid[])',
      [distinct],
    );
    const found = known?.count ?? 0;
    return [
      ...rows,
      { skip_code: 'not_found', count: distinct.length - found },
      { skip_code: 'not_in_filter', count: found - sum(rows) },
    ];
  }
  const [row]: { count: number }[] = await tx.query(
    `select count(*)::int as count from dead_letter letter
      where letter.state = 'replaying' and (${sql})`,
    parameters,
  );
  return [...rows, { skip_code: 'in_another_replay', count: row?.count ?? 0 }];
}

function perGroup(rows: readonly CountRow[]): ReplayPreview['groups'] {
  const groups = new Map<string, ReplayPreview['groups'][number]>();
  for (const { group_id: groupId, title, queue, count: more } of rows) {
    const key = `${groupId} ${queue}`;
    const known = groups.get(key);
    if (known) known.count += more;
    else groups.set(key, { group_id: groupId, title, queue: queue || null, count: more });
  }
  return [...groups.values()].toSorted((a, b) => b.count - a.count);
}

function perCode(rows: readonly Skipped[]): ReplayPreview['skipped'] {
  const details: Readonly<Record<string, string>> = skipDetails;
  return Object.entries(details)
    .map(([code, detail]) => ({
      code,
      detail,
      count: sum(rows.filter((row) => row.skip_code === code)),
    }))
    .filter((skipped) => skipped.count > 0);
}

function warningsOf(
  { queue, brake, hasConsumer, liveWaitS }: QueueHealth,
  maxBacklogAgeS: number,
): ReplayPreview['warnings'] {
  const warnings: ReplayPreview['warnings'] = [];
  const warn = (code: string, detail: string) => warnings.push({ code, detail });
  if (brake)
    warn('queue_braked', `The queue ${queue} is braked: ${brake.detail} The replay waits for it.`);
  if (hasConsumer === false)
    warn(
      'no_consumer',
      `Nobody consumes the queue ${queue}. The replay waits until somebody does.`,
    );
  if (hasConsumer === null)
    warn('nothing_known', `No worker reports on the queue ${queue}; the replay cannot spare it.`);
  if ((liveWaitS ?? 0) > maxBacklogAgeS)
    warn(
      'live_backlog',
      `Live messages of ${queue} have waited ${Math.round(liveWaitS ?? 0)} s; the replay would pause at once.`,
    );
  return warnings;
}

function unknownTypes(rows: readonly CountRow[]): ReplayPreview['warnings'] {
  const types = new Set(rows.map(({ message_type: type }) => type ?? ''));
  return [...types]
    .filter((type) => !findContract(type))
    .map((type) => ({
      code: 'unknown_message_type',
      detail: `${sum(rows.filter((row) => (row.message_type ?? '') === type))} messages are of ${
        type === '' ? 'no type' : `the type ${type}, which is not in the catalogue`
      }; nobody may be able to handle them.`,
    }));
}

const tooMany = {
  code: 'too_many',
  detail: `One replay holds at most ${mostLetters} messages. Narrow the filter and do it in parts.`,
};

function sum(rows: readonly { count: number }[]): number {
  return rows.reduce((total, row) => total + row.count, 0);
}
