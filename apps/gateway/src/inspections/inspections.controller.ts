import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { type Inspection, InspectUploadRequest } from '@offload/contracts/http';
import { RequiresScope } from '../access/access.guard.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { IdOf, JsonBody } from '../http/request-parts.js';
import { InspectUpload } from './inspect-upload.js';

@Controller('v1/uploads/:id/inspect')
@RequiresScope('uploads:write')
export class InspectionsController {
  constructor(private readonly inspectUpload: InspectUpload) {}

  @Post()
  @HttpCode(200)
  async inspect(
    @CurrentCaller() { tenantId }: Caller,
    @Param('id', new IdOf('upload')) id: string,
    @JsonBody(InspectUploadRequest) request: InspectUploadRequest,
  ): Promise<Inspection> {
    return this.inspectUpload.execute(tenantId, id, request);
  }
}
