import { Controller, Get, Param, Post, Req } from '@nestjs/common';
import { CreateUploadQuery, type UploadResource } from '@offload/contracts/http';
import type { Request } from 'express';
import { DataSource } from 'typeorm';
import { RequiresScope } from '../access/access.guard.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import type { Reply } from '../http/reply.js';
import { IdOf, ValidQuery } from '../http/request-parts.js';
import { IdempotentRequest, type RequestKey } from '../idempotency/request-key.js';
import { getUpload } from './get-upload.js';
import { openIncomingFile } from './incoming-file.js';
import { ReceiveUpload } from './receive-upload.js';
import { uploadResource } from './upload.entity.js';

@Controller('v1/uploads')
@RequiresScope('uploads:write')
export class UploadsController {
  constructor(
    private readonly receiveUpload: ReceiveUpload,
    private readonly dataSource: DataSource,
  ) {}

  @Post()
  async create(
    @IdempotentRequest() key: RequestKey,
    @ValidQuery(CreateUploadQuery) query: CreateUploadQuery,
    @Req() request: Request,
  ): Promise<Reply> {
    return this.receiveUpload.execute(key, await openIncomingFile(request, query.file_name));
  }

  @Get(':id')
  async show(
    @CurrentCaller() { tenantId }: Caller,
    @Param('id', new IdOf('upload')) id: string,
  ): Promise<UploadResource> {
    return uploadResource(await getUpload(this.dataSource.manager, tenantId, id));
  }
}
