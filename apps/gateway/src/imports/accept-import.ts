import { Inject, Injectable } from '@nestjs/common';
import { ImportOptions, StartImport } from '@offload/contracts';
import type { CreateImportRequest } from '@offload/contracts/http';
import type { EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import type { Caller } from '../access/caller.js';
import { GATEWAY_CONFIG, type GatewayConfig } from '../config.js';
import type { Reply } from '../http/reply.js';
import { AcceptOnce, type Accepted } from '../idempotency/accept-once.js';
import type { RequestKey } from '../idempotency/request-key.js';
import { acceptedReply } from './accepted-reply.js';
import { Import } from './import.entity.js';
import { GET_MAPPING, GET_UPLOAD, type GetMapping, type GetUpload } from './import-ports.js';
import { nameOfKey } from './name-of-key.js';
import { queuedImport } from './queued-import.js';
import { mustHaveRoom } from './running-imports.js';
import { withMapping } from './with-mapping.js';

/** Accepts an import: its row and its first message commit together, or nothing does. */
@Injectable()
export class AcceptImport {
  constructor(
    private readonly acceptOnce: AcceptOnce,
    @Inject(GET_UPLOAD) private readonly getUpload: GetUpload,
    @Inject(GET_MAPPING) private readonly getMapping: GetMapping,
    @Inject(GATEWAY_CONFIG) private readonly config: Pick<GatewayConfig, 'MAX_RUNNING_IMPORTS'>,
  ) {}

  /** Throws NotFound, TooManyImports, ValidationFailed, and what the upload says of itself. */
  async execute(key: RequestKey, request: CreateImportRequest): Promise<Reply> {
    return this.acceptOnce.execute(key, request, (tx) => this.accept(tx, key.caller, request));
  }

  private async accept(
    tx: EntityManager,
    caller: Caller,
    request: CreateImportRequest,
  ): Promise<Accepted> {
    const { tenantId } = caller;
    const upload = await this.getUpload(tx, tenantId, request.upload_id);
    const { mapping_id: mappingId } = request;
    const saved =
      mappingId === undefined ? undefined : await this.getMapping(tx, tenantId, mappingId);
    const options = optionsOf(saved ? withMapping(request, saved) : request);
    await mustHaveRoom(tx, tenantId, this.config.MAX_RUNNING_IMPORTS);
    const keyName = await nameOfKey(tx, caller.keyId);
    const run = queuedImport({
      id: v7(),
      caller: { ...caller, keyName },
      request,
      options,
      upload,
    });
    await tx.insert(Import, run);
    const { storageKey, fileName, size, sha256 } = upload;
    const start = StartImport({
      importId: run.id,
      file: { key: storageKey, name: fileName, size, sha256 },
      dataset: request.dataset,
      options,
      notify: request.notify,
    });
    return { reply: acceptedReply(run), messages: [start] };
  }
}

/** What was asked for, with every default written out. */
function optionsOf(request: CreateImportRequest): ImportOptions {
  return ImportOptions.parse({
    source: request.source,
    values: request.values,
    mapping: request.mapping,
    mode: request.mode,
    key: request.key,
    onConflict: request.on_conflict,
    onError: request.on_error,
    rejectLimit: request.reject_limit,
    dryRun: request.dry_run,
    holdForReview: request.hold_for_review,
  });
}
