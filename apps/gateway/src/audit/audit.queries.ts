import { Injectable } from '@nestjs/common';
import {
  type AuditedMessage,
  type AuditOperation,
  type ExportAuditQuery,
  type List,
  type ListAuditedMessagesQuery,
  type ListAuditQuery,
  pageOf,
} from '@offload/contracts/http';
import { DataSource } from 'typeorm';
import { NotFound } from '../http/request-parts.js';

/** Which operations, and where a page of them begins and ends; the bounds are ids and exclusive. */
export interface OperationPage {
  filter: ExportAuditQuery;
  after?: string | undefined;
  before?: string | undefined;
  order: 'asc' | 'desc';
  limit: number;
}

/** Which of the messages that an operation has touched. */
export interface MessagePage {
  operationId: string;
  /** Only this one's. */
  deadLetterId?: string | undefined;
  /** A cursor. */
  after?: string | undefined;
  limit: number;
}

/** One message, and the place at which it stands. */
export interface TouchedRow {
  cursor: string;
  message: AuditedMessage;
}

/** Reads of the audit, for operators, of all tenants. */
@Injectable()
export class AuditQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** The newest first. */
  async list({ limit, after, ...filter }: ListAuditQuery): Promise<List<AuditOperation>> {
    const page = { filter, before: after, order: 'desc', limit: limit + 1 } as const;
    return pageOf(
      await this.operations(page),
      limit,
      ({ id }) => id,
      (operation) => operation,
    );
  }

  /** Throws NotFound. */
  async get(id: string): Promise<AuditOperation> {
    const [row]: OperationRow[] = await this.dataSource.query(
      `select operation.* from audit_operation operation where operation.id = $1`,
      [id],
    );
    if (!row) throw new NotFound('operation', id);
    return operationResource(row);
  }

  /** In the order in which they were touched. Throws NotFound. */
  async listMessages(
    operationId: string,
    { limit, after }: ListAuditedMessagesQuery,
  ): Promise<List<AuditedMessage>> {
    await this.get(operationId);
    const rows = await this.messages({ operationId, after, limit: limit + 1 });
    return pageOf(
      rows,
      limit,
      ({ cursor }) => cursor,
      ({ message }) => message,
    );
  }

  async operations({
    filter,
    after,
    before,
    order,
    limit,
  }: OperationPage): Promise<AuditOperation[]> {
    const { action, key, dead_letter: deadLetter, from, to } = filter;
    const rows: OperationRow[] = await this.dataSource.query(
      `select operation.* from audit_operation operation
        where ($1::text is null or operation.action = $1)
          and ($2::uuid is null or operation.key_id = $2)
          and ($3::uuid is null or operation.id in
               (select operation_id from audit_message where dead_letter_id = $3))
          and ($4::timestamptz is null or operation.at >= $4)
          and ($5::timestamptz is null or operation.at < $5)
          and ($6::uuid is null or operation.id > $6)
          and ($7::uuid is null or operation.id < $7)
        order by operation.id ${order} limit ${limit}`,
      [action, key, deadLetter, date(from), date(to), after, before].map((value) => value ?? null),
    );
    return rows.map(operationResource);
  }

  async messages({ operationId, deadLetterId, after, limit }: MessagePage): Promise<TouchedRow[]> {
    const rows: MessageRow[] = await this.dataSource.query(
      `select id, operation_id, dead_letter_id, message_id, action, at from audit_message
        where operation_id = $1 and id > $2 and ($3::uuid is null or dead_letter_id = $3)
        order by id limit ${limit}`,
      [operationId, after ?? '0', deadLetterId ?? null],
    );
    return rows.map(({ id, at, ...row }) => ({
      cursor: id,
      message: { object: 'audited_message', ...row, at: at.toISOString() },
    }));
  }
}

interface OperationRow extends Omit<AuditOperation, 'object' | 'at'> {
  at: Date;
}

interface MessageRow extends Omit<AuditedMessage, 'object' | 'at'> {
  id: string;
  at: Date;
}

function operationResource(row: OperationRow): AuditOperation {
  return {
    id: row.id,
    object: 'audit_operation',
    action: row.action,
    key_id: row.key_id,
    key_name: row.key_name,
    tenant_id: row.tenant_id,
    request_id: row.request_id,
    target: row.target,
    incident: row.incident,
    reason: row.reason,
    selection: row.selection,
    count: row.count,
    outcome: row.outcome,
    details: row.details,
    at: row.at.toISOString(),
  };
}

/** As a date: PostgreSQL does not read every time that RFC 3339 allows. */
function date(time: string | undefined): Date | undefined {
  return time === undefined ? undefined : new Date(time);
}
