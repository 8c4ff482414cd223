import { type DeadLetter, type Failure, noTenant } from '@offload/messaging';
import type { DataSource } from 'typeorm';
import { v7 } from 'uuid';
import { recordDeadLetter } from '../src/dead-letters/record-dead-letter.js';
import type { SubjectListeners } from '../src/dead-letters/subjects.js';

export interface DeadLetterFields extends Partial<Omit<DeadLetter, 'failure'>> {
  failure?: Partial<Failure>;
}

/** A message about nothing that failed once in a queue of a service, for a reason without ids. */
export function aDeadLetter({ failure, ...fields }: DeadLetterFields = {}): DeadLetter {
  const queue = 'queue' in fields ? fields.queue : 'ingest.load-chunk';
  return {
    id: v7(),
    messageId: v7(),
    properties: { type: 'ingest.load-chunk.v1', appId: 'gateway', contentType: 'application/json' },
    headers: { 'ce-tenantid': noTenant },
    body: Buffer.from('{"rows":3}'),
    address: { exchange: '', routingKey: queue ?? '' },
    queue,
    attempts: 8,
    replays: 0,
    replayItemId: undefined,
    editOf: undefined,
    tenantId: undefined,
    subject: undefined,
    ...fields,
    failure: {
      code: 'unexpected',
      class: 'TypeError',
      message: 'Cannot read properties of undefined',
      stack: undefined,
      service: 'ingest',
      host: 'ingest-1',
      firstFailedAt: new Date('2026-01-01T00:00:00Z'),
      failedAt: new Date('2026-01-01T00:05:00Z'),
      ...failure,
    },
  };
}

/** The same as a row, as if it had arrived; answers the id of the row. */
export async function aStoredDeadLetter(
  db: DataSource,
  fields: DeadLetterFields = {},
  listeners: SubjectListeners = {},
): Promise<string> {
  return db.transaction((tx) => recordDeadLetter(tx, listeners, aDeadLetter(fields)));
}
