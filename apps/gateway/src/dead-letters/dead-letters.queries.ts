import { Injectable } from '@nestjs/common';
import {
  type DeadLetterResource,
  type DeadLetterSummary,
  type List,
  type ListDeadLettersQuery,
  pageOf,
} from '@offload/contracts/http';
import { DataSource, LessThan } from 'typeorm';
import { NotFound } from '../http/request-parts.js';
import { DeadLetterEntity } from './dead-letter.entity.js';
import { deadLetterResource, deadLetterSummary } from './dead-letter-resource.js';

/**
 * Reads for operators. They see the dead letters of all tenants: a message can be too broken to say
 * whose it is, and what holds one tenant up often holds them all up.
 */
@Injectable()
export class DeadLettersQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** Throws NotFound. */
  async get(id: string): Promise<DeadLetterResource> {
    const letter = await this.dataSource.manager.findOneBy(DeadLetterEntity, { id });
    if (!letter) throw new NotFound('dead letter', id);
    return deadLetterResource(letter);
  }

  /** The newest first, by the time they came here first. */
  async list(query: ListDeadLettersQuery): Promise<List<DeadLetterSummary>> {
    const { limit, after, state, queue, code, message_type: messageType } = query;
    const rows = await this.dataSource.manager.find(DeadLetterEntity, {
      select: summaryColumns,
      where: {
        ...(state === undefined ? {} : { state }),
        ...(queue === undefined ? {} : { queue }),
        ...(code === undefined ? {} : { failureCode: code }),
        ...(messageType === undefined ? {} : { messageType }),
        ...(after === undefined ? {} : { id: LessThan(after) }),
      },
      order: { id: 'DESC' },
      take: limit + 1,
    });
    return pageOf(rows, limit, ({ id }) => id, deadLetterSummary);
  }
}

/** Without the message itself, which may be large. */
const summaryColumns = {
  id: true,
  state: true,
  messageId: true,
  tenantId: true,
  queue: true,
  messageType: true,
  correlationId: true,
  subject: true,
  failureCode: true,
  failureClass: true,
  failureMessage: true,
  failureService: true,
  failureHost: true,
  firstFailedAt: true,
  failedAt: true,
  attempts: true,
  failures: true,
  replays: true,
  lastAction: true,
} as const;
