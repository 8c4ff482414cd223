import { Inject, Injectable } from '@nestjs/common';
import type { EditPreview, EditRequest } from '@offload/contracts/http';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import { NotFound } from '../../http/request-parts.js';
import { Reply } from '../../http/reply.js';
import { AcceptOnce } from '../../idempotency/accept-once.js';
import type { RequestKey } from '../../idempotency/request-key.js';
import { DeadLetterEntity } from '../dead-letter.entity.js';
import { InvalidState } from '../dead-letters.errors.js';
import { SUBJECT_LISTENERS, type SubjectListeners } from '../subjects.js';
import { type EditedCopy, editedCopy } from './edited-copy.js';
import { LetterRefuses } from './replays.errors.js';
import { skippedSentence } from './skipped-sentence.js';
import { startedReply, startReplay } from './start-replay.js';

/**
 * Replays an edited copy in place of a dead letter.
 *
 * The copy has an id of its own, says whose copy it is, and fits the contract. The original is resolved
 * when the copy is handled, or when the copy becomes a dead letter itself and takes its place.
 */
@Injectable()
export class EditLetter {
  constructor(
    private readonly acceptOnce: AcceptOnce,
    private readonly dataSource: DataSource,
    @Inject(SUBJECT_LISTENERS) private readonly listeners: SubjectListeners,
  ) {}

  /** Throws NotFound, InvalidState, MessageUnfit or LetterRefuses. */
  async execute(key: RequestKey, id: string, request: EditRequest): Promise<Reply> {
    if (request.dry_run) {
      const letter = await this.dataSource.manager.findOneBy(DeadLetterEntity, { id });
      return new Reply(200, {}, previewOf(editedCopy(anOpen(letter, id), request.body)));
    }
    return this.acceptOnce.execute(key, request, async (tx) => {
      const letter = await tx.findOne(DeadLetterEntity, {
        where: { id },
        lock: { mode: 'pessimistic_write' },
      });
      const copy = editedCopy(anOpen(letter, id), request.body);
      const copyId = (await findUnsettled(tx, id, copy)) ?? v7();
      const replay = await startReplay(tx, {
        caller: key.caller,
        listeners: this.listeners,
        inboxDays: null,
        incident: request.incident,
        reason: request.reason,
        pace: { canary: 1 },
        candidates: { sql: 'letter.id = $1', parameters: [id], withClosed: true },
        selection: { id_count: 1 },
        asked: { ids: [id] },
        isEdited: true,
        action: 'dead_letter.edit',
        details: { message_type: copy.messageType, copy_id: copyId, diff: copy.diff },
      });
      if (replay.claimed === 0) throw new LetterRefuses(await skippedSentence(tx, replay.id));
      await tx.query(
        `update replay_item set message_id = $2, edited_body = $3, diff = $4 where replay_id = $1`,
        [replay.id, copyId, copy.body, JSON.stringify(copy.diff)],
      );
      return { reply: startedReply(replay), messages: [] };
    });
  }
}

function anOpen(letter: DeadLetterEntity | null, id: string): DeadLetterEntity {
  if (!letter) throw new NotFound('dead letter', id);
  if (letter.state !== 'open') throw new InvalidState(letter.state, 'edit');
  return letter;
}

function previewOf({ messageType, diff }: EditedCopy): EditPreview {
  const patch = diff.map((operation) => ({ ...operation }));
  return { object: 'edit_preview', message_type: messageType, diff: patch };
}

/**
 * The id of an earlier copy of which nothing was heard, if it says the same: under that id it is done
 * once, however often it is put back. Another copy beside it might do the work twice, and is refused;
 * so is one beside the original, where the replay claims it (letters-to-replay.ts).
 */
async function findUnsettled(
  tx: EntityManager,
  id: string,
  { body }: EditedCopy,
): Promise<string | undefined> {
  const earlier: { message_id: string; edited_body: Buffer }[] = await tx.query(
    `select message_id, edited_body from replay_item
      where dead_letter_id = $1 and state = 'expired' and edited_body is not null
      order by settled_at desc`,
    [id],
  );
  const same = earlier.find((item) => item.edited_body.equals(body));
  if (same || earlier.length === 0) return same?.message_id;
  throw new LetterRefuses(
    'Another edited copy of it was put back and nothing was heard of it in time; both might be done. ' +
      'Send that same edit again, or discard the dead letter.',
  );
}
