import { Inject, Injectable } from '@nestjs/common';
import {
  CancelImport,
  ConfirmImport,
  FixRows,
  type Outgoing,
  RetryImport,
  RevertImport,
} from '@offload/contracts';
import type {
  CancelImportRequest,
  FixImportRequest,
  ImportAction,
  RevertImportQuery,
} from '@offload/contracts/http';
import type { EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import { GATEWAY_CONFIG, type GatewayConfig } from '../config.js';
import { EventSequencer } from '../events/sequence-events.js';
import type { Reply } from '../http/reply.js';
import { NotFound } from '../http/request-parts.js';
import { AcceptOnce } from '../idempotency/accept-once.js';
import type { RequestKey } from '../idempotency/request-key.js';
import { acceptedReply } from './accepted-reply.js';
import type { Import } from './import.entity.js';
import { GET_UPLOAD, type GetUpload } from './import-ports.js';
import { nameOfKey } from './name-of-key.js';
import { mustHaveRoom } from './running-imports.js';
import { lockImport, tellImport } from './track-import.js';

/**
 * What people ask of an import that was accepted. Its state says so at once, and commits together with the
 * command; ingest answers with an event. Every method throws NotFound or ImportStateRefuses.
 */
@Injectable()
export class ActOnImport {
  constructor(
    private readonly acceptOnce: AcceptOnce,
    private readonly events: EventSequencer,
    @Inject(GET_UPLOAD) private readonly getUpload: GetUpload,
    @Inject(GATEWAY_CONFIG) private readonly config: Pick<GatewayConfig, 'MAX_RUNNING_IMPORTS'>,
  ) {}

  async confirm(key: RequestKey, importId: string): Promise<Reply> {
    return this.ask(key, importId, 'confirm', {}, () => ConfirmImport({ importId }));
  }

  async cancel(key: RequestKey, importId: string, body: CancelImportRequest): Promise<Reply> {
    const keepRows = body.keep_rows;
    return this.ask(key, importId, 'cancel', body, () => CancelImport({ importId, keepRows }));
  }

  /** Throws TooManyImports, too. */
  async retry(key: RequestKey, importId: string): Promise<Reply> {
    return this.ask(key, importId, 'retry', {}, () => RetryImport({ importId }));
  }

  /** Throws TooManyImports, and what the upload says of itself, too. */
  async fix(key: RequestKey, importId: string, body: FixImportRequest): Promise<Reply> {
    return this.ask(key, importId, 'fix', body, async (tx, run) => {
      const { tenantId } = key.caller;
      const upload = await this.getUpload(tx, tenantId, body.upload_id);
      run.fixUploadId = upload.id;
      const { storageKey, fileName: name, size, sha256 } = upload;
      return FixRows({ importId, fixId: v7(), file: { key: storageKey, name, size, sha256 } });
    });
  }

  /** A dry run leaves the import as it is; its answer comes as `revert_preview`. */
  async revert(key: RequestKey, importId: string, query: RevertImportQuery): Promise<Reply> {
    const { dry_run: dryRun } = query;
    const command = () => RevertImport({ importId, dryRun });
    if (!dryRun) return this.ask(key, importId, 'revert', query, command);
    return this.act(key, importId, query, async (_tx, run, now) => {
      run.askPreview(now);
      return command();
    });
  }

  private async ask(
    key: RequestKey,
    id: string,
    action: ImportAction,
    body: object,
    command: (tx: EntityManager, run: Import) => Outgoing | Promise<Outgoing>,
  ): Promise<Reply> {
    return this.act(key, id, body, async (tx, run, now) => {
      const { caller } = key;
      const { hasEnded } = run;
      run.ask(action, { by: await nameOfKey(tx, caller.keyId), now });
      const runsAgain = hasEnded && (action === 'retry' || action === 'fix');
      if (runsAgain) await mustHaveRoom(tx, caller.tenantId, this.config.MAX_RUNNING_IMPORTS);
      return command(tx, run);
    });
  }

  private async act(
    key: RequestKey,
    id: string,
    body: object,
    change: (tx: EntityManager, run: Import, now: Date) => Promise<Outgoing>,
  ): Promise<Reply> {
    const reply = await this.acceptOnce.execute(key, body, async (tx) => {
      const run = await lockImport(tx, id);
      if (run?.tenantId !== key.caller.tenantId) throw new NotFound('import', id);
      const message = await change(tx, run, new Date());
      await tx.save(run);
      await tellImport(tx, run, 'action-requested');
      return { reply: acceptedReply(run), messages: [message] };
    });
    // Those who follow it are told now, not with the next look of the sequencer.
    this.events.nudge();
    return reply;
  }
}
