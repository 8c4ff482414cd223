import { Inject, Injectable } from '@nestjs/common';
import { DropDataset as DropDatasetCommand } from '@offload/contracts';
import type { Reply } from '../http/reply.js';
import { AcceptOnce } from '../idempotency/accept-once.js';
import type { RequestKey } from '../idempotency/request-key.js';
import { acceptedReply } from './accepted-reply.js';
import { FIND_OPEN_IMPORT, type FindOpenImport, lockIdle } from './lock-idle.js';

/** Accepts that a dataset is to be dropped. */
@Injectable()
export class DropDataset {
  constructor(
    private readonly acceptOnce: AcceptOnce,
    @Inject(FIND_OPEN_IMPORT) private readonly findOpenImport: FindOpenImport,
  ) {}

  /** Throws NotFound, DatasetNotReady or DatasetIsImportedInto. */
  async execute(key: RequestKey, name: string): Promise<Reply> {
    const { tenantId, correlationId } = key.caller;
    return this.acceptOnce.execute(key, {}, async (tx) => {
      const dataset = await lockIdle(tx, this.findOpenImport, tenantId, name);
      dataset.request('dropping', correlationId);
      await tx.save(dataset);
      return {
        reply: acceptedReply(dataset),
        messages: [DropDatasetCommand({ dataset: name })],
      };
    });
  }
}
