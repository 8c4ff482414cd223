import { Module } from '@nestjs/common';
import { AuditController } from './audit.controller.js';
import { AuditQueries } from './audit.queries.js';
import { ExportAudit } from './export-audit.js';

/** Reads what was done; it is written by whatever does it, with record-operation.ts. */
@Module({ controllers: [AuditController], providers: [AuditQueries, ExportAudit] })
export class AuditModule {}
