import { Inject, Injectable } from '@nestjs/common';
import type { CreateReplayRequest, DeadLetterActionRequest } from '@offload/contracts/http';
import { DataSource, type EntityManager } from 'typeorm';
import { GATEWAY_CONFIG, type GatewayConfig } from '../../config.js';
import { NotFound } from '../../http/request-parts.js';
import { Reply } from '../../http/reply.js';
import { AcceptOnce } from '../../idempotency/accept-once.js';
import type { RequestKey } from '../../idempotency/request-key.js';
import { selectionConditions } from '../filter-letters.js';
import { SUBJECT_LISTENERS, type SubjectListeners } from '../subjects.js';
import type { Candidates } from './letters-to-replay.js';
import { previewReplay } from './preview-replay.js';
import { QUEUE_HEALTH, type ReadQueueHealth } from './queue-health.js';
import { LetterRefuses, NothingToReplay } from './replays.errors.js';
import { skippedSentence } from './skipped-sentence.js';
import { startedReply, startReplay } from './start-replay.js';

/** Puts dead letters back on their queues, as a replay that goes on by itself. */
@Injectable()
export class CreateReplay {
  constructor(
    private readonly acceptOnce: AcceptOnce,
    private readonly dataSource: DataSource,
    @Inject(SUBJECT_LISTENERS) private readonly listeners: SubjectListeners,
    @Inject(QUEUE_HEALTH) private readonly readHealth: ReadQueueHealth,
    @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** Throws EmptyFilter, TooManyLetters, MoreThanExpected or NothingToReplay. */
  async execute(key: RequestKey, request: CreateReplayRequest): Promise<Reply> {
    const { ids, filter, incident, reason, pace, expected_count: expectedCount } = request;
    const candidates = candidatesOf(request);
    const inboxDays = this.config.INBOX_RETENTION_DAYS;
    if (request.dry_run) {
      const preview = await this.dataSource.transaction('REPEATABLE READ', (tx) =>
        previewReplay(tx, { candidates, ids, pace, inboxDays, readHealth: this.readHealth }),
      );
      return new Reply(200, {}, preview);
    }
    return this.acceptOnce.execute(key, request, async (tx) => {
      const replay = await startReplay(tx, {
        caller: key.caller,
        listeners: this.listeners,
        inboxDays,
        incident,
        reason,
        pace,
        candidates,
        ids,
        expectedCount,
        selection: { ...(filter && { filter }), ...(ids && { id_count: ids.length }) },
        asked: { ...(filter && { filter }), ...(ids && { ids }) },
      });
      if (replay.claimed === 0) throw new NothingToReplay(await nothing(tx, replay.id));
      return { reply: startedReply(replay), messages: [] };
    });
  }

  /** A replay of one. Throws NotFound or LetterRefuses. */
  async ofOne(key: RequestKey, id: string, { reason }: DeadLetterActionRequest): Promise<Reply> {
    return this.acceptOnce.execute(key, { reason }, async (tx) => {
      const replay = await startReplay(tx, {
        caller: key.caller,
        listeners: this.listeners,
        inboxDays: this.config.INBOX_RETENTION_DAYS,
        incident: `dead letter ${id}`,
        reason,
        pace: { canary: 1 },
        candidates: candidatesOf({ ids: [id] }),
        ids: [id],
        selection: { id_count: 1 },
        asked: { ids: [id] },
      });
      if (replay.claimed === 0) await refuse(tx, id, replay.id);
      return { reply: startedReply(replay), messages: [] };
    });
  }
}

/** Open ones that the filter leaves; of ids all, so that each is answered for. Throws EmptyFilter. */
function candidatesOf(selection: Pick<CreateReplayRequest, 'filter' | 'ids'>): Candidates {
  return { ...selectionConditions(selection), withClosed: selection.ids !== undefined };
}

async function nothing(tx: EntityManager, replayId: string): Promise<string> {
  const why = await skippedSentence(tx, replayId);
  return why === '' ? 'No open dead letter matches.' : `None of them can be put back: ${why}`;
}

async function refuse(tx: EntityManager, id: string, replayId: string): Promise<never> {
  const [found]: unknown[] = await tx.query('select 1 from dead_letter where id = $1', [id]);
  if (!found) throw new NotFound('dead letter', id);
  throw new LetterRefuses(
    `This dead letter cannot be replayed: ${await skippedSentence(tx, replayId)}`,
  );
}
