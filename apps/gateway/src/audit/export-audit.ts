import { Injectable } from '@nestjs/common';
import type { ExportAuditQuery } from '@offload/contracts/http';
import { v7 } from 'uuid';
import { AuditQueries, type TouchedRow } from './audit.queries.js';
import { messageLine, operationLine } from './ecs-lines.js';

const operationsAtATime = 50;
const messagesAtATime = 1000;

/** The whole audit, or what a filter leaves of it, in the fields of the Elastic Common Schema. */
@Injectable()
export class ExportAudit {
  constructor(private readonly audit: AuditQueries) {}

  /**
   * The oldest operation first, and after each the messages that it has touched; up to those that are there
   * when it begins. No more than a thousand messages are held at a time.
   */
  async *execute(filter: ExportAuditQuery): AsyncGenerator<Record<string, unknown>> {
    const before = v7();
    let after: string | undefined;
    for (;;) {
      const operations = await this.audit.operations({
        filter,
        after,
        before,
        order: 'asc',
        limit: operationsAtATime,
      });
      for (const operation of operations) {
        yield operationLine(operation);
        for await (const { message, cursor } of this.messagesOf(operation.id, filter)) {
          yield messageLine(operation, message, cursor);
        }
      }
      after = operations.at(-1)?.id;
      if (operations.length < operationsAtATime) return;
    }
  }

  private async *messagesOf(
    operationId: string,
    { dead_letter: deadLetterId }: ExportAuditQuery,
  ): AsyncGenerator<TouchedRow> {
    let after: string | undefined;
    for (;;) {
      const limit = messagesAtATime;
      const messages = await this.audit.messages({ operationId, deadLetterId, after, limit });
      yield* messages;
      after = messages.at(-1)?.cursor;
      if (messages.length < limit) return;
    }
  }
}
