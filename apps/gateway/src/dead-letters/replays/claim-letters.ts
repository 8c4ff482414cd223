import type { EntityManager } from 'typeorm';
import { type Candidates, selectCandidates, skipDetails } from './letters-to-replay.js';

export interface Claim {
  replayId: string;
  candidates: Candidates;
  /** Messages of the first stage, which are spread over the queues and groups. */
  canary: number;
  /** How long handled messages are remembered; null where an edited copy goes out. */
  inboxDays: number | null;
}

export interface Claimed {
  claimed: number;
  skipped: number;
  /** Of what is claimed; '' stands for what no queue wanted. */
  queues: string[];
}

/**
 * Freezes which messages a replay has, oldest first after the canary: its items, of which those that
 * it may put back are `claimed` and their dead letters `replaying`, the others `skipped` with a code.
 *
 * Two at once cannot have the same message: the second waits for the lock and then finds it taken. Must
 * run in the transaction that makes the replay.
 */
export async function claimLetters(tx: EntityManager, claim: Claim): Promise<void> {
  const { replayId, candidates, canary, inboxDays } = claim;
  const given = candidates.parameters.length;
  const [replay, first, retention, details] = [1, 2, 3, 4].map((n) => `$${given + n}`);
  await tx.query(
    `with candidate as materialized (
       ${selectCandidates(candidates, `${retention}::float8`)}
        order by letter.id for update of letter
     ), turn as (
       select *, row_number() over (partition by skip_code is null, queue, group_id
                                    order by first_failed_at, id) as turn
         from candidate
     ), spread as (
       select *, row_number() over (order by skip_code is not null, turn, first_failed_at, id) as rank
         from turn
     )
     insert into replay_item (id, replay_id, position, dead_letter_id, queue, message_id, state,
                              outcome_code, outcome_detail, settled_at)
     select gen_random_uuid(), ${replay}::uuid,
            row_number() over (order by skip_code is not null,
                                        case when rank <= ${first}::int then rank end nulls last,
                                        first_failed_at, id),
            id, queue, message_id,
            case when skip_code is null then 'claimed' else 'skipped' end,
            skip_code, ${details}::jsonb ->> skip_code,
            case when skip_code is not null then now() end
       from spread
     on conflict (dead_letter_id) where state in ('claimed', 'published') do nothing`,
    [...candidates.parameters, replayId, canary, inboxDays, JSON.stringify(skipDetails)],
  );
  await tx.query(
    `update dead_letter letter set state = 'replaying'
       from replay_item item
      where item.replay_id = $1 and item.state = 'claimed' and letter.id = item.dead_letter_id`,
    [replayId],
  );
}

/** Notes the ids that a person gave and that are not in the replay, each with its reason. */
export async function noteMissing(
  tx: EntityManager,
  replayId: string,
  ids: readonly string[],
): Promise<void> {
  await tx.query(
    `insert into replay_item (id, replay_id, position, dead_letter_id, queue, message_id, state,
                              outcome_code, outcome_detail, settled_at)
     select gen_random_uuid(), $1,
            (select coalesce(max(position), 0) from replay_item where replay_id = $1)
              + row_number() over (order by missing.id),
            missing.id, '', null, 'skipped', missing.code, $3::jsonb ->> missing.code, now()
       from (select given.id,
                    case when letter.id is null then 'not_found'
                         when letter.state = 'replaying' then 'in_another_replay'
                         else 'not_in_filter' end as code
               from (select distinct unnest($2::uuid[]) as id) as given
               left join dead_letter letter on letter.id = given.id
              where not exists (select 1 from replay_item item
                                 where item.replay_id = $1 and item.dead_letter_id = given.id)
            ) as missing`,
    [replayId, ids, JSON.stringify(skipDetails)],
  );
}

export async function countItems(tx: EntityManager, replayId: string): Promise<Claimed> {
  const rows: { state: string; queue: string; count: string }[] = await tx.query(
    `select state, queue, count(*) from replay_item where replay_id = $1 group by state, queue`,
    [replayId],
  );
  const sum = (state: string): number =>
    rows.reduce((total, row) => total + (row.state === state ? Number(row.count) : 0), 0);
  return {
    claimed: sum('claimed'),
    skipped: sum('skipped'),
    queues: rows.filter(({ state }) => state === 'claimed').map(({ queue }) => queue),
  };
}
