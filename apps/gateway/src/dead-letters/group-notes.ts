import { Injectable } from '@nestjs/common';
import {
  type CreateGroupNoteRequest,
  type GroupNote,
  type List,
  pageOf,
  type PageQuery,
} from '@offload/contracts/http';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import { recordOperation } from '../audit/record-operation.js';
import { NotFound } from '../http/request-parts.js';
import { Reply } from '../http/reply.js';
import { AcceptOnce } from '../idempotency/accept-once.js';
import type { RequestKey } from '../idempotency/request-key.js';

/** What people have noted about a group of dead letters. Notes stay when the dead letters are gone. */
@Injectable()
export class GroupNotes {
  constructor(
    private readonly acceptOnce: AcceptOnce,
    private readonly dataSource: DataSource,
  ) {}

  /** The newest first. Throws NotFound. */
  async list(groupId: string, { limit, after }: PageQuery): Promise<List<GroupNote>> {
    await demandGroup(this.dataSource.manager, groupId, '');
    const rows: NoteRow[] = await this.dataSource.query(
      `select id, text, key_id, created_at from dead_letter_group_note
        where group_id = $1 and ($2::uuid is null or id < $2)
        order by id desc limit ${limit + 1}`,
      [groupId, after ?? null],
    );
    return pageOf(rows, limit, ({ id }) => id, noteResource);
  }

  /** Throws NotFound. */
  async create(key: RequestKey, groupId: string, request: CreateGroupNoteRequest): Promise<Reply> {
    return this.acceptOnce.execute(key, request, async (tx) => {
      await demandGroup(tx, groupId, 'for key share');
      const note = {
        id: v7(),
        text: request.text,
        key_id: key.caller.keyId,
        created_at: new Date(),
      };
      await tx.query(
        `insert into dead_letter_group_note (id, group_id, text, key_id, created_at)
         values ($1, $2, $3, $4, $5)`,
        [note.id, groupId, note.text, note.key_id, note.created_at],
      );
      await recordOperation(tx, {
        id: v7(),
        action: 'dead_letter_group.note',
        caller: key.caller,
        target: `dead_letter_group:${groupId}`,
        count: 0,
        details: { note_id: note.id },
      });
      return { reply: new Reply(201, {}, noteResource(note)), messages: [] };
    });
  }
}

/** With the lock it stays until the note is there. */
async function demandGroup(
  tx: EntityManager,
  id: string,
  lock: '' | 'for key share',
): Promise<void> {
  const [row]: unknown[] = await tx.query(`select 1 from dead_letter_group where id = $1 ${lock}`, [
    id,
  ]);
  if (!row) throw new NotFound('group', id);
}

interface NoteRow {
  id: string;
  text: string;
  key_id: string;
  created_at: Date;
}

function noteResource({ id, text, key_id, created_at }: NoteRow): GroupNote {
  return { id, object: 'group_note', text, key_id, created_at: created_at.toISOString() };
}
