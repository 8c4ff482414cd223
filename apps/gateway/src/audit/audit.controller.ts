import { Controller, Get, Param, Res } from '@nestjs/common';
import {
  type AuditedMessage,
  type AuditOperation,
  ExportAuditQuery,
  type List,
  ListAuditedMessagesQuery,
  ListAuditQuery,
} from '@offload/contracts/http';
import type { Response } from 'express';
import { RequiresScope } from '../access/access.guard.js';
import { IdOf, ValidQuery } from '../http/request-parts.js';
import { sendLines } from '../http/send-lines.js';
import { AuditQueries } from './audit.queries.js';
import { ExportAudit } from './export-audit.js';

@Controller('v1/audit')
@RequiresScope('operations:read')
export class AuditController {
  constructor(
    private readonly audit: AuditQueries,
    private readonly exportAudit: ExportAudit,
  ) {}

  @Get('operations')
  async list(@ValidQuery(ListAuditQuery) query: ListAuditQuery): Promise<List<AuditOperation>> {
    return this.audit.list(query);
  }

  @Get('operations/:id')
  async show(@Param('id', new IdOf('operation')) id: string): Promise<AuditOperation> {
    return this.audit.get(id);
  }

  @Get('operations/:id/messages')
  async listMessages(
    @Param('id', new IdOf('operation')) id: string,
    @ValidQuery(ListAuditedMessagesQuery) query: ListAuditedMessagesQuery,
  ): Promise<List<AuditedMessage>> {
    return this.audit.listMessages(id, query);
  }

  @Get('export')
  async export(
    @ValidQuery(ExportAuditQuery) filter: ExportAuditQuery,
    @Res() response: Response,
  ): Promise<void> {
    await sendLines(response, this.exportAudit.execute(filter), 'audit.ndjson');
  }
}
