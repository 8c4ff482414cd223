import { Injectable } from '@nestjs/common';
import { CreateDataset as CreateDatasetCommand } from '@offload/contracts';
import type { CreateDatasetRequest, FieldError } from '@offload/contracts/http';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import type { Reply } from '../http/reply.js';
import { AcceptOnce, type Accepted } from '../idempotency/accept-once.js';
import type { RequestKey } from '../idempotency/request-key.js';
import { acceptedReply } from './accepted-reply.js';
import { checkDeclaration, findPatternErrors } from './check-declaration.js';
import { DatasetExists } from './datasets.errors.js';
import { trackDataset } from './track-dataset.js';

/** Accepts a dataset: its row and the command to make its table commit together. */
@Injectable()
export class CreateDataset {
  constructor(
    private readonly acceptOnce: AcceptOnce,
    private readonly dataSource: DataSource,
  ) {}

  /** Throws ValidationFailed, or DatasetExists unless it failed or was dropped. */
  async execute(key: RequestKey, request: CreateDatasetRequest): Promise<Reply> {
    const patternErrors = await findPatternErrors(this.dataSource, request.columns);
    return this.acceptOnce.execute(key, request, (tx) =>
      accept(tx, key.caller, request, patternErrors),
    );
  }
}

async function accept(
  tx: EntityManager,
  { tenantId, correlationId }: Caller,
  { name, columns, keys }: CreateDatasetRequest,
  patternErrors: FieldError[],
): Promise<Accepted> {
  checkDeclaration({ columns, keys }, undefined, patternErrors);
  const dataset = await trackDataset(tx, { tenantId, name }, (known) => {
    if (known.state !== 'failed' && known.state !== 'dropped') throw new DatasetExists(name);
    Object.assign(known, { columns, keys, rows: 0, createdAt: new Date() });
    known.request('creating', correlationId);
  });
  return {
    reply: acceptedReply(dataset),
    messages: [CreateDatasetCommand({ dataset: name, columns, keys })],
  };
}
