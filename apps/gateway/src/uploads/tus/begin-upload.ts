import { Injectable } from '@nestjs/common';
import type { CreateUploadQuery } from '@offload/contracts/http';
import type { Request } from 'express';
import { Reply } from '../../http/reply.js';
import type { RequestKey } from '../../idempotency/request-key.js';
import { AppendToUpload } from '../receive/append-to-upload.js';
import { uploadResource } from '../upload-resource.js';
import { CreateUpload } from './create-upload.js';
import { readCreation } from './read-creation.js';
import { readFirstPiece } from './read-piece.js';
import { uploadHeaders } from './tus-answers.js';

/**
 * The creation of tus, with the first bytes when it brings them along (creation-with-upload).
 *
 * The upload is committed before the first byte is read. An answer that is repeated for an Idempotency-Key
 * takes no bytes: the client asks how far the first request came.
 */
@Injectable()
export class BeginUpload {
  constructor(
    private readonly createUpload: CreateUpload,
    private readonly appendToUpload: AppendToUpload,
  ) {}

  async execute(key: RequestKey, request: Request, query: CreateUploadQuery): Promise<Reply> {
    const creation = readCreation(request);
    const piece = readFirstPiece(request);
    const begun = await this.createUpload.execute(key, {
      ...creation,
      fileName: query.file_name ?? creation.fileName,
    });
    const isRepeated = begun.headers['Idempotency-Replayed'] !== undefined;
    if (!piece || isRepeated || creation.parts) return begun;
    const { id } = begun.body as { id: string };
    const upload = await this.appendToUpload.execute(key.caller, id, request, piece);
    const { Location = '' } = begun.headers;
    return new Reply(201, { Location, ...uploadHeaders(upload) }, uploadResource(upload));
  }
}
