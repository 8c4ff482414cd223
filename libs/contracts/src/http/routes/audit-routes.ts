import { z } from 'zod';
import {
  AuditedMessage,
  AuditOperation,
  ExportAuditQuery,
  ListAuditedMessagesQuery,
  ListAuditQuery,
} from '../audit.js';
import { listOf } from '../lists.js';
import type { Route } from '../route.js';

const tag = 'Audit';
const params = { id: z.uuid() };

export const auditRoutes: Route[] = [
  {
    id: 'listAuditOperations',
    method: 'get',
    path: '/v1/audit/operations',
    tag,
    summary: 'List who did what to how many and why, the newest first',
    scope: 'operations:read',
    query: ListAuditQuery,
    success: [{ status: 200, description: 'A page of entries.', schema: listOf(AuditOperation) }],
  },
  {
    id: 'getAuditOperation',
    method: 'get',
    path: '/v1/audit/operations/{id}',
    tag,
    summary: 'Show one operation',
    scope: 'operations:read',
    params,
    success: [{ status: 200, description: 'The entry.', schema: AuditOperation }],
  },
  {
    id: 'listAuditedMessages',
    method: 'get',
    path: '/v1/audit/operations/{id}/messages',
    tag,
    summary: 'List the messages that an operation has touched',
    scope: 'operations:read',
    params,
    query: ListAuditedMessagesQuery,
    success: [{ status: 200, description: 'A page of messages.', schema: listOf(AuditedMessage) }],
  },
  {
    id: 'exportAudit',
    method: 'get',
    path: '/v1/audit/export',
    tag,
    summary: 'Export the audit with the field names of the Elastic Common Schema, the oldest first',
    scope: 'operations:read',
    query: ExportAuditQuery,
    success: [
      {
        status: 200,
        description: 'One operation, or one message that an operation touched, on each line.',
        schema: z.record(z.string(), z.unknown()),
        mediaType: 'application/x-ndjson',
      },
    ],
  },
];
