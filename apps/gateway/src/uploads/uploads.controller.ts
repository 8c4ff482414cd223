import { Controller, Delete, Get, Param, Post, Req, UseGuards } from '@nestjs/common';
import {
  CreateUploadQuery,
  type List,
  ListUploadsQuery,
  type UploadResource,
} from '@offload/contracts/http';
import type { Request } from 'express';
import { RequiresScope } from '../access/access.guard.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import type { Reply } from '../http/reply.js';
import { IdOf, ValidQuery } from '../http/request-parts.js';
import { IdempotentRequest, type RequestKey } from '../idempotency/request-key.js';
import { DeleteUpload } from './delete-upload.js';
import { openIncomingFile } from './incoming-file.js';
import { ReceiveUpload } from './receive-upload.js';
import { BeginUpload } from './tus/begin-upload.js';
import { isTus, TusGuard } from './tus/tus.guard.js';
import { UploadsQueries } from './uploads.queries.js';

@Controller('v1/uploads')
@RequiresScope('uploads:write')
@UseGuards(TusGuard)
export class UploadsController {
  constructor(
    private readonly receiveUpload: ReceiveUpload,
    private readonly beginUpload: BeginUpload,
    private readonly deleteUpload: DeleteUpload,
    private readonly uploads: UploadsQueries,
  ) {}

  @Post()
  async create(
    @IdempotentRequest() key: RequestKey,
    @ValidQuery(CreateUploadQuery) query: CreateUploadQuery,
    @Req() request: Request,
  ): Promise<Reply> {
    return isTus(request)
      ? this.beginUpload.execute(key, request, query)
      : this.receiveUpload.execute(key, await openIncomingFile(request, query.file_name));
  }

  @Get()
  async list(
    @CurrentCaller() { tenantId }: Caller,
    @ValidQuery(ListUploadsQuery) query: ListUploadsQuery,
  ): Promise<List<UploadResource>> {
    return this.uploads.list(tenantId, query);
  }

  @Get(':id')
  async show(
    @CurrentCaller() { tenantId }: Caller,
    @Param('id', new IdOf('upload')) id: string,
  ): Promise<Reply> {
    return this.uploads.show(tenantId, id);
  }

  @Delete(':id')
  async remove(
    @CurrentCaller() caller: Caller,
    @Param('id', new IdOf('upload')) id: string,
  ): Promise<Reply> {
    return this.deleteUpload.execute(caller, id);
  }
}
