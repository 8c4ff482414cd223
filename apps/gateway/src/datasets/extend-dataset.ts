import { Inject, Injectable } from '@nestjs/common';
import { ExtendDataset as ExtendDatasetCommand } from '@offload/contracts';
import type { ExtendDatasetRequest, FieldError } from '@offload/contracts/http';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import type { Reply } from '../http/reply.js';
import { AcceptOnce, type Accepted } from '../idempotency/accept-once.js';
import type { RequestKey } from '../idempotency/request-key.js';
import { acceptedReply } from './accepted-reply.js';
import { checkDeclaration, findPatternErrors } from './check-declaration.js';
import { DatasetNotReady } from './datasets.errors.js';
import { FIND_OPEN_IMPORT, type FindOpenImport, lockIdle } from './lock-idle.js';

/** Accepts columns and keys that are to be added to a dataset. */
@Injectable()
export class ExtendDataset {
  constructor(
    private readonly acceptOnce: AcceptOnce,
    private readonly dataSource: DataSource,
    @Inject(FIND_OPEN_IMPORT) private readonly findOpenImport: FindOpenImport,
  ) {}

  /** Throws NotFound, DatasetNotReady, DatasetIsImportedInto or ValidationFailed. */
  async execute(key: RequestKey, name: string, request: ExtendDatasetRequest): Promise<Reply> {
    const patternErrors = await findPatternErrors(this.dataSource, request.columns);
    return this.acceptOnce.execute(key, request, (tx) =>
      this.accept(tx, key.caller, { name, ...request, patternErrors }),
    );
  }

  private async accept(
    tx: EntityManager,
    caller: Caller,
    { name, columns, keys, patternErrors }: Extension,
  ): Promise<Accepted> {
    const dataset = await lockIdle(tx, this.findOpenImport, caller.tenantId, name);
    if (!dataset.isReady) throw new DatasetNotReady(dataset);
    checkDeclaration({ columns, keys }, dataset, patternErrors);
    dataset.request('changing', caller.correlationId);
    await tx.save(dataset);
    return {
      reply: acceptedReply(dataset),
      messages: [ExtendDatasetCommand({ dataset: name, columns, keys })],
    };
  }
}

interface Extension extends ExtendDatasetRequest {
  name: string;
  patternErrors: FieldError[];
}
