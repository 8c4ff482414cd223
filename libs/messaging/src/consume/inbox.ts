import { type PreparedStatement, queryPrepared } from '@offload/platform';
import type { EntityManager } from 'typeorm';

/**
 * Notes that a message is being handled, as the first statement of its transaction.
 *
 * Answers false when it was handled before. A second delivery of the same message that runs at the
 * same time waits here for the first to commit or to roll back, so the two never work side by side.
 */
export async function noteInInbox(
  tx: EntityManager,
  messageId: string,
  queue: string,
): Promise<boolean> {
  const inserted = await queryPrepared(tx, insertMessage, [messageId, queue]);
  return inserted.length > 0;
}

const insertMessage: PreparedStatement = {
  name: 'inbox-insert',
  text: `insert into inbox_message (message_id, queue) values ($1, $2)
         on conflict do nothing returning message_id`,
};
