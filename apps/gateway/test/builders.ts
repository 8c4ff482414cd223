import {
  ActionRefused,
  ImportCanceled,
  ImportCompleted,
  ImportFailed,
  ImportHeld,
  ImportOptions,
  ImportProgressed,
  ImportResumed,
  ImportReverted,
  ImportStarted,
} from '@offload/contracts';
import type { DataSource } from 'typeorm';
import { v7 } from 'uuid';
import { defaultTenantId } from '../src/access/bootstrap-access.js';
import { Email } from '../src/emails/email.entity.js';
import { Import } from '../src/imports/import.entity.js';
import { newUpload } from '../src/uploads/new-upload.js';
import { queuedImport } from '../src/imports/queued-import.js';
import { Upload } from '../src/uploads/upload.entity.js';

/** An accepted import of a file of 1000 bytes, of which nothing has been reported. */
export function anImport(fields: Partial<Import> = {}): Import {
  const accepted = queuedImport({
    id: v7(),
    caller: { tenantId: defaultTenantId, keyId: v7(), keyName: 'spec' },
    request: { dataset: { name: 'people' } },
    options: ImportOptions.parse({}),
    upload: { id: v7(), fileName: 'people.csv', size: 1000, sha256: '', storageKey: '' },
  });
  const { state } = fields;
  return Object.assign(accepted, {
    createdAt: new Date('2026-01-01T00:00:00Z'),
    standing: state === 'interrupted' || state === 'canceling' ? 'loading' : (state ?? 'queued'),
    interruption: state === 'interrupted' ? 'It broke.' : null,
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

/** Where an import of 100 rows stands when so many of its 1000 bytes are committed. */
export const totals = (bytesDone = 1000, rowsRejected = 0) => ({
  bytesDone,
  bytesTotal: 1000,
  rowsLoaded: bytesDone / 10 - rowsRejected,
  rowsRejected,
  rowsCreated: bytesDone / 10 - rowsRejected,
});

export const progressed = (importId: string, sequence: number, bytesDone = sequence * 100) =>
  ImportProgressed({ importId, sequence, ...totals(bytesDone) });

export const completed = (importId: string, rowsRejected = 0, sequence = 99) =>
  ImportCompleted({
    importId,
    sequence,
    dataset: 'people',
    fileName: 'people.csv',
    ...totals(1000, rowsRejected),
    startedAt: '2026-01-01T00:00:01Z',
    finishedAt: '2026-01-01T00:00:11Z',
    rejections: rejectionsOf(rowsRejected),
  });

export const failed = (importId: string, sequence = 0) =>
  ImportFailed({
    importId,
    sequence,
    fileName: 'people.csv',
    code: 'ingest.no-header',
    message: 'The file has no header.',
    failedAt: '2026-01-01T00:00:02Z',
  });

export const held = (importId: string, sequence: number) =>
  ImportHeld({
    importId,
    sequence,
    ...totals(1000, 2),
    rejections: rejectionsOf(2),
    heldAt: '2026-01-01T00:00:11Z',
  });

export const resumed = (importId: string, sequence: number, why: ImportResumed['why']) =>
  ImportResumed({ importId, sequence, ...totals(500), why, resumedAt: '2026-01-01T01:00:00Z' });

export const canceled = (importId: string, sequence: number, { keptRows = true } = {}) =>
  ImportCanceled({
    importId,
    sequence,
    ...totals(keptRows ? 300 : 0),
    fileName: 'people.csv',
    keptRows,
    canceledAt: '2026-01-01T00:00:05Z',
  });

export const reverted = (importId: string, sequence: number, { dryRun = false } = {}) =>
  ImportReverted({
    importId,
    sequence,
    dryRun,
    rowsRemoved: 90,
    rowsRestored: 8,
    rowsKept: 2,
    totals: totals(),
    revertedAt: '2026-01-01T02:00:00Z',
  });

export const refused = (importId: string, action: ActionRefused['action']) =>
  ActionRefused({
    importId,
    action,
    code: 'too_late',
    message: 'It has come too far.',
    refusedAt: '2026-01-01T00:00:06Z',
  });

function rejectionsOf(rows: number): ImportCompleted['rejections'] {
  if (rows === 0) return [];
  const message = '“x\0” is not a whole number.';
  return [{ code: 'cast_error', column: 'a', rows, firstLine: 7, message }];
}

/** What those who follow a topic are told, in order. */
export async function eventsOf(
  db: DataSource,
  topic: string,
): Promise<{ type: string; data: Record<string, unknown>; ends_topic: boolean }[]> {
  return db.query('select type, data, ends_topic from event where topic = $1 order by id', [topic]);
}
