import { Inject, Injectable } from '@nestjs/common';
import {
  type DeadLetterResource,
  type DeadLetterSummary,
  type List,
  type ListDeadLettersQuery,
  pageOf,
} from '@offload/contracts/http';
import { DataSource, In } from 'typeorm';
import { NotFound } from '../http/request-parts.js';
import { DeadLetterEntity } from './dead-letter.entity.js';
import { deadLetterSummary } from './dead-letter-resource.js';
import { describeLetters } from './describe-letters.js';
import { letterConditions } from './filter-letters.js';
import { SUBJECT_VIEWS, type SubjectViews } from './subject-views.js';

/**
 * Reads for operators. They see the dead letters of all tenants: a message can be too broken to say
 * whose it is, and what holds one tenant up often holds them all up.
 */
@Injectable()
export class DeadLettersQueries {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(SUBJECT_VIEWS) private readonly views: SubjectViews,
  ) {}

  /** Throws NotFound. */
  async get(id: string): Promise<DeadLetterResource> {
    const { manager } = this.dataSource;
    const letters = await manager.findBy(DeadLetterEntity, { id });
    const [resource] = await describeLetters(manager, this.views, letters);
    if (!resource) throw new NotFound('dead letter', id);
    return resource;
  }

  /** The newest first, by the time they came here first. */
  async list({ limit, after, ...filter }: ListDeadLettersQuery): Promise<List<DeadLetterSummary>> {
    const { sql, parameters } = letterConditions(filter);
    const isOlder = after === undefined ? '' : `and letter.id < $${parameters.length + 1}`;
    const found: { id: string }[] = await this.dataSource.query(
      `select letter.id from dead_letter letter where ${sql} ${isOlder}
        order by letter.id desc limit ${limit + 1}`,
      after === undefined ? parameters : [...parameters, after],
    );
    const rows = await this.dataSource.manager.find(DeadLetterEntity, {
      select: summaryColumns,
      where: { id: In(found.map(({ id }) => id)) },
      order: { id: 'DESC' },
    });
    return pageOf(rows, limit, ({ id }) => id, deadLetterSummary);
  }
}

/** Without the message itself, which may be large. */
const summaryColumns = {
  id: true,
  state: true,
  groupId: true,
  messageId: true,
  tenantId: true,
  queue: true,
  messageType: true,
  correlationId: true,
  subject: true,
  failureCode: true,
  failureClass: true,
  failureMessage: true,
  failureFrame: true,
  failureService: true,
  failureHost: true,
  firstFailedAt: true,
  failedAt: true,
  attempts: true,
  failures: true,
  replays: true,
  editOf: true,
  lastAction: true,
} as const;
