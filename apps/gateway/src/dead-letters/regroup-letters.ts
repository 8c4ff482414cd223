import type { DataSource, EntityManager } from 'typeorm';
import {
  type DeadLetterFacts,
  type Fingerprint,
  fingerprintOf,
  fingerprintVersion,
} from './fingerprint.js';
import { placeInGroup } from './place-in-group.js';

/** Dead letters in one transaction. */
const batchSize = 500;

const firstId = '00000000-0000-0000-0000-000000000000';

/** What a regrouping has done. */
export interface Regrouped {
  /** Dead letters that were looked at. */
  looked: number;
  /** Of those, how many belong to another group than before. */
  moved: number;
}

/**
 * Puts stored dead letters into the groups of the rule of this version: all of them, or only those that an
 * older rule has placed.
 *
 * In short transactions, so that dead letters can arrive, be replayed and be discarded in the meantime, and
 * several replicas can do it at once. What a newer version has placed is left alone. Safe to break off and
 * to call again. Afterwards the notes of a group that has become empty are with the group that its last
 * dead letter went to, and empty groups of older rules are removed.
 */
export async function regroupLetters(
  dataSource: DataSource,
  which: 'all' | 'outdated',
  signal?: AbortSignal,
): Promise<Regrouped> {
  const done: Regrouped = { looked: 0, moved: 0 };
  let letters: Placed[];
  let after = firstId;
  do {
    if (signal?.aborted) return done;
    letters = await readBatch(dataSource, which, after);
    done.looked += letters.length;
    done.moved += await place(dataSource, letters);
    after = letters.at(-1)?.id ?? after;
  } while (letters.length === batchSize);
  await dataSource.transaction(tidyGroups);
  return done;
}

interface Placed extends DeadLetterFacts {
  id: string;
  group_id: string;
  failure_frame: string | null;
  fingerprint_version: number;
  failures: number;
}

/** Where a dead letter belongs, if that is not where it is. */
interface Move {
  letter: Placed;
  fingerprint: Fingerprint;
  groupId: string;
}

async function readBatch(
  dataSource: DataSource,
  which: 'all' | 'outdated',
  after: string,
): Promise<Placed[]> {
  return dataSource.query(
    `select id, group_id, failure_frame, fingerprint_version, failures, queue, message_type,
            routing_key, failure_code, failure_class, failure_message, failure_stack
       from dead_letter
      where id > $1 and fingerprint_version ${which === 'all' ? '<=' : '<'} $2
      order by id limit ${batchSize}`,
    [after, fingerprintVersion],
  );
}

/** Answers how many belong to another group than before. */
async function place(dataSource: DataSource, letters: readonly Placed[]): Promise<number> {
  const moves = await findMoves(dataSource, letters);
  if (moves.length === 0) return 0;
  return dataSource.transaction((tx) => move(tx, moves));
}

/**
 * The groups are made here, each by itself, and not in the transaction that holds the dead letters: one that
 * arrives has its group first and then waits for its row, and neither may wait for the other.
 */
async function findMoves(dataSource: DataSource, letters: readonly Placed[]): Promise<Move[]> {
  const groups = new Map<string, string>();
  const moves: Move[] = [];
  for (const letter of letters) {
    const fingerprint = fingerprintOf(letter);
    const groupId =
      groups.get(fingerprint.fingerprint) ?? (await placeInGroup(dataSource.manager, fingerprint));
    groups.set(fingerprint.fingerprint, groupId);
    const isPlaced =
      groupId === letter.group_id &&
      fingerprint.frame === letter.failure_frame &&
      fingerprint.version === letter.fingerprint_version;
    if (!isPlaced) moves.push({ letter, fingerprint, groupId });
  }
  return moves;
}

/** One that has failed again since it was read has been placed by that. */
async function move(tx: EntityManager, moves: readonly Move[]): Promise<number> {
  const ids = moves.map(({ letter }) => letter.id);
  await tx.query('select 1 from dead_letter where id = any($1::uuid[]) order by id for update', [
    ids,
  ]);
  await tx.query(
    `update dead_letter letter
        set group_id = moved.group_id, failure_frame = moved.frame, fingerprint_version = $5
       from unnest($1::uuid[], $2::int[], $3::uuid[], $4::text[])
            as moved (id, failures, group_id, frame)
      where letter.id = moved.id and letter.failures = moved.failures`,
    [
      ids,
      moves.map(({ letter }) => letter.failures),
      moves.map(({ groupId }) => groupId),
      moves.map(({ fingerprint }) => fingerprint.frame),
      fingerprintVersion,
    ],
  );
  const left = moves.filter(({ letter, groupId }) => letter.group_id !== groupId);
  await noteWhereTo(tx, new Map(left.map(({ letter, groupId }) => [letter.group_id, groupId])));
  return left.length;
}

/** In the order of the groups, so that two who do it at once cannot hold each other up for good. */
async function noteWhereTo(tx: EntityManager, movedTo: ReadonlyMap<string, string>): Promise<void> {
  for (const from of [...movedTo.keys()].toSorted()) {
    await tx.query('update dead_letter_group set moved_to = $2 where id = $1', [
      from,
      movedTo.get(from),
    ]);
  }
}

/** A group that nothing has moved from keeps its notes: its dead letters may only have been removed. */
async function tidyGroups(tx: EntityManager): Promise<void> {
  await tx.query(
    `update dead_letter_group_note note set group_id = heir.id
       from dead_letter_group emptied join dead_letter_group heir on heir.id = emptied.moved_to
      where note.group_id = emptied.id
        and not exists (select 1 from dead_letter letter where letter.group_id = emptied.id)`,
  );
  await tx.query(
    `delete from dead_letter_group emptied
      where emptied.moved_to is not null
        and not exists (select 1 from dead_letter letter where letter.group_id = emptied.id)
        and not exists (select 1 from dead_letter_group_note note where note.group_id = emptied.id)`,
  );
}
