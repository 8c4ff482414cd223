import { Controller, Head, Options, Param, Patch, Req, UseGuards, Inject } from '@nestjs/common';
import type { Request } from 'express';
import { RequiresScope } from '../../access/access.guard.js';
import { type Caller, CurrentCaller } from '../../access/caller.js';
import { GATEWAY_CONFIG, type GatewayConfig } from '../../config.js';
import { Reply } from '../../http/reply.js';
import { IdOf } from '../../http/request-parts.js';
import { AppendToUpload } from '../receive/append-to-upload.js';
import { UploadsQueries } from '../uploads.queries.js';
import { readPiece } from './read-piece.js';
import { TellOffset } from './tell-offset.js';
import { discoveryHeaders, uploadHeaders } from './tus-answers.js';
import { isTus, TusGuard } from './tus.guard.js';

/**
 * The methods that only tus has: tus 1.0.0, https://tus.io/protocols/resumable-upload. Its creation and its
 * termination share POST and DELETE with everybody else, in uploads.controller.ts.
 */
@Controller('v1/uploads')
@RequiresScope('uploads:write')
@UseGuards(TusGuard)
export class TusController {
  constructor(
    @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
    private readonly appendToUpload: AppendToUpload,
    private readonly tellOffset: TellOffset,
    private readonly uploads: UploadsQueries,
  ) {}

  @Options()
  discover(): Reply {
    return new Reply(204, discoveryHeaders(this.config), undefined);
  }

  @Options(':id')
  discoverOne(@Param('id', new IdOf('upload')) _id: string): Reply {
    return this.discover();
  }

  /** A client that speaks no tus asks for the head of the resource. */
  @Head(':id')
  async head(
    @CurrentCaller() caller: Caller,
    @Param('id', new IdOf('upload')) id: string,
    @Req() request: Request,
  ): Promise<Reply> {
    return isTus(request)
      ? this.tellOffset.execute(caller, id)
      : this.uploads.show(caller.tenantId, id);
  }

  @Patch(':id')
  async append(
    @CurrentCaller() caller: Caller,
    @Param('id', new IdOf('upload')) id: string,
    @Req() request: Request,
  ): Promise<Reply> {
    const upload = await this.appendToUpload.execute(caller, id, request, readPiece(request));
    return new Reply(204, uploadHeaders(upload), undefined);
  }
}
