import { Injectable } from '@nestjs/common';
import type { RegroupResult } from '@offload/contracts/http';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import { recordOperation } from '../audit/record-operation.js';
import { Reply } from '../http/reply.js';
import { AcceptOnce } from '../idempotency/accept-once.js';
import type { RequestKey } from '../idempotency/request-key.js';
import { fingerprintVersion } from './fingerprint.js';
import { regroupLetters } from './regroup-letters.js';

/** Computes the group of every dead letter again, when somebody asks for it. */
@Injectable()
export class RequestRegrouping {
  constructor(
    private readonly acceptOnce: AcceptOnce,
    private readonly dataSource: DataSource,
  ) {}

  /**
   * It is done in many short transactions, before the one that answers for it: doing it again changes
   * nothing, so a repeated key costs time only, and gets the first answer.
   */
  async execute(key: RequestKey): Promise<Reply> {
    const { looked, moved } = await regroupLetters(this.dataSource, 'all');
    return this.acceptOnce.execute(key, {}, async (tx) => {
      const result: RegroupResult = {
        object: 'regroup_result',
        fingerprint_version: fingerprintVersion,
        dead_letters: looked,
        moved,
        groups: await countGroups(tx),
      };
      await recordOperation(tx, {
        id: v7(),
        action: 'dead_letter_group.regroup',
        caller: key.caller,
        count: moved,
        details: { looked, fingerprint_version: fingerprintVersion },
      });
      return { reply: new Reply(200, {}, result), messages: [] };
    });
  }
}

async function countGroups(tx: EntityManager): Promise<number> {
  const [row]: { groups: string }[] = await tx.query(
    'select count(distinct group_id) as groups from dead_letter',
  );
  return Number(row?.groups ?? 0);
}
