import type { EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import type { Fingerprint } from './fingerprint.js';

/**
 * The id of the group with this fingerprint, which is made if it is not there.
 *
 * A group is looked up before it is made, and never written again, so that an incident with a thousand
 * dead letters a second does not queue up behind one row. It stays at least until the transaction ends.
 */
export async function placeInGroup(tx: EntityManager, fingerprint: Fingerprint): Promise<string> {
  for (;;) {
    const known = await findGroup(tx, fingerprint);
    if (known !== undefined) return known;
    const made = await makeGroup(tx, fingerprint);
    if (made !== undefined) return made;
    // Another made it in the meantime; it is there now, unless it was tidied away again.
  }
}

/** The lock is the one that the foreign key takes a moment later: nobody removes the group in between. */
async function findGroup(
  tx: EntityManager,
  { version, fingerprint }: Fingerprint,
): Promise<string | undefined> {
  const [row]: { id: string }[] = await tx.query(
    `select id from dead_letter_group
      where fingerprint_version = $1 and fingerprint = $2 for key share`,
    [version, fingerprint],
  );
  return row?.id;
}

async function makeGroup(tx: EntityManager, found: Fingerprint): Promise<string | undefined> {
  const { version, fingerprint, kind, title, code, messageType, frame } = found;
  const [row]: { id: string }[] = await tx.query(
    `insert into dead_letter_group
       (id, fingerprint_version, fingerprint, kind, title, code, class, message_type, frame)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (fingerprint_version, fingerprint) do nothing
     returning id`,
    [v7(), version, fingerprint, kind, title, code, found.class, messageType, frame],
  );
  return row?.id;
}
