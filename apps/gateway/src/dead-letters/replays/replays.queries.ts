import { Injectable } from '@nestjs/common';
import {
  type List,
  type ListReplayItemsQuery,
  type ListReplaysQuery,
  pageOf,
  type ReplayItem,
  type ReplayResource,
} from '@offload/contracts/http';
import { DataSource, type EntityManager, LessThan } from 'typeorm';
import { NotFound } from '../../http/request-parts.js';
import { replayResource } from './replay-resource.js';
import { ReplayEntity } from './replay.entity.js';

/** Reads for operators, who see the replays of all tenants as they see the dead letters of all. */
@Injectable()
export class ReplaysQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** Throws NotFound. */
  async get(id: string): Promise<ReplayResource> {
    return replayResource(await this.getEntity(this.dataSource.manager, id));
  }

  /** Throws NotFound. */
  async getEntity(tx: EntityManager, id: string): Promise<ReplayEntity> {
    const replay = await tx.findOneBy(ReplayEntity, { id });
    if (!replay) throw new NotFound('replay', id);
    return replay;
  }

  /** The newest first: ids grow with time. */
  async list({ limit, after, state }: ListReplaysQuery): Promise<List<ReplayResource>> {
    const rows = await this.dataSource.manager.find(ReplayEntity, {
      where: {
        ...(state === undefined ? {} : { state }),
        ...(after === undefined ? {} : { id: LessThan(after) }),
      },
      order: { id: 'DESC' },
      take: limit + 1,
    });
    return pageOf(rows, limit, ({ id }) => id, replayResource);
  }

  /** In the order of their turn. Throws NotFound. */
  async listItems(id: string, query: ListReplayItemsQuery): Promise<List<ReplayItem>> {
    const { limit, after = 0, state } = query;
    await this.getEntity(this.dataSource.manager, id);
    const rows: ItemRow[] = await this.dataSource.query(
      `select id, dead_letter_id, message_id, queue, position, state, outcome_code, outcome_detail,
              failed_as, published_at, settled_at
         from replay_item
        where replay_id = $1 and position > $2 ${state === undefined ? '' : 'and state = $4'}
        order by position limit $3`,
      [id, after, limit + 1, ...(state === undefined ? [] : [state])],
    );
    return pageOf(rows, limit, ({ position }) => String(position), itemOf);
  }
}

interface ItemRow {
  id: string;
  dead_letter_id: string;
  message_id: string | null;
  queue: string;
  position: number;
  state: ReplayItem['state'];
  outcome_code: string | null;
  outcome_detail: string | null;
  failed_as: string | null;
  published_at: Date | null;
  settled_at: Date | null;
}

function itemOf(row: ItemRow): ReplayItem {
  const { outcome_code: code, outcome_detail: detail } = row;
  return {
    object: 'replay_item',
    id: row.id,
    dead_letter_id: row.dead_letter_id,
    message_id: row.message_id,
    queue: row.queue || null,
    position: row.position,
    state: row.state,
    outcome: code === null ? null : { code, detail: detail ?? '' },
    failed_as: row.failed_as,
    published_at: row.published_at?.toISOString() ?? null,
    settled_at: row.settled_at?.toISOString() ?? null,
  };
}
