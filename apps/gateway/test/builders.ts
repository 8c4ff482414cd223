import { ImportCompleted, ImportFailed, ImportProgressed, ImportStarted } from '@offload/contracts';
import type { DataSource } from 'typeorm';
import { v7 } from 'uuid';
import { defaultTenantId } from '../src/access/bootstrap-access.js';
import { Email } from '../src/emails/email.entity.js';
import { Import } from '../src/imports/import.entity.js';
import { newUpload } from '../src/uploads/new-upload.js';
import { Upload } from '../src/uploads/upload.entity.js';

/** An accepted import of a file of 1000 bytes, of which nothing has been reported. */
export function anImport(fields: Partial<Import> = {}): Import {
  return Object.assign(new Import(), {
    id: v7(),
    tenantId: defaultTenantId,
    uploadId: v7(),
    name: null,
    fileName: 'people.csv',
    dataset: 'people',
    columns: null,
    notifyEmail: null,
    state: 'queued',
    sequence: 0,
    bytesDone: 0,
    bytesTotal: 1000,
    rowsLoaded: 0,
    rowsRejected: 0,
    rejections: [],
    openDeadLetters: 0,
    problemCode: null,
    problemDetail: null,
    createdAt: new Date('2026-01-01T00:00:00Z'),
    startedAt: null,
    progressedAt: null,
    finishedAt: null,
    ...fields,
  });
}

/** The row of an upload that is ready; there is no file for it. */
export async function aStoredUpload(db: DataSource, fields: Partial<Upload> = {}): Promise<Upload> {
  const tenantId = fields.tenantId ?? defaultTenantId;
  const size = fields.size ?? 1000;
  const upload = newUpload({
    tenantId,
    fileName: 'people.csv',
    declaredType: null,
    kind: 'whole',
    state: 'ready',
    size,
    received: size,
    sha256: '0'.repeat(64),
    ...fields,
    ...(fields.id === undefined ? {} : { storageKey: `${tenantId}/${fields.id}` }),
  });
  await db.manager.insert(Upload, upload);
  return upload;
}

/** The same as a row, with the upload that it needs. */
export async function aStoredImport(db: DataSource, fields: Partial<Import> = {}): Promise<Import> {
  const run = anImport(fields);
  await aStoredUpload(db, {
    id: run.uploadId,
    tenantId: run.tenantId,
    fileName: run.fileName,
    size: run.bytesTotal,
    createdAt: run.createdAt,
  });
  await db.manager.insert(Import, run);
  return run;
}

export function anEmail(fields: Partial<Email> = {}): Email {
  return Object.assign(new Email(), {
    id: v7(),
    tenantId: defaultTenantId,
    content: { to: ['ada@example.org'], subject: 'Hello', text: 'Hi.' },
    state: 'queued',
    attempts: 0,
    reason: null,
    response: null,
    refused: [],
    messageIdHeader: null,
    createdAt: new Date('2026-01-01T00:00:00Z'),
    reportedAt: null,
    sentAt: null,
    failedAt: null,
    ...fields,
  });
}

export async function aStoredEmail(db: DataSource, fields: Partial<Email> = {}): Promise<Email> {
  const email = anEmail(fields);
  await db.manager.insert(Email, email);
  return email;
}

export const started = (importId: string) =>
  ImportStarted({
    importId,
    dataset: 'people',
    columns: [{ name: 'a', type: 'bigint', nullable: false }],
    bytesTotal: 1000,
    startedAt: '2026-01-01T00:00:01Z',
  });

export const progressed = (importId: string, sequence: number, bytesDone = sequence * 100) =>
  ImportProgressed({
    importId,
    sequence,
    bytesDone,
    bytesTotal: 1000,
    rowsLoaded: bytesDone / 10,
    rowsRejected: 0,
  });

export const completed = (importId: string, rowsRejected = 0) =>
  ImportCompleted({
    importId,
    sequence: 99,
    dataset: 'people',
    fileName: 'people.csv',
    bytesDone: 1000,
    bytesTotal: 1000,
    rowsLoaded: 100 - rowsRejected,
    rowsRejected,
    startedAt: '2026-01-01T00:00:01Z',
    finishedAt: '2026-01-01T00:00:11Z',
    rejections:
      rowsRejected === 0
        ? []
        : [
            {
              code: 'cast_error',
              column: 'a',
              rows: rowsRejected,
              firstLine: 7,
              message: '“x\0” is not a whole number.',
            },
          ],
  });

export const failed = (importId: string) =>
  ImportFailed({
    importId,
    fileName: 'people.csv',
    code: 'ingest.no-header',
    message: 'The file has no header.',
    failedAt: '2026-01-01T00:00:02Z',
  });

/** What those who follow a topic are told, in order. */
export async function eventsOf(
  db: DataSource,
  topic: string,
): Promise<{ type: string; data: Record<string, unknown>; ends_topic: boolean }[]> {
  return db.query('select type, data, ends_topic from event where topic = $1 order by id', [topic]);
}
