import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { RequiresScope } from '../../access/access.guard.js';
import { type Caller, CurrentCaller } from '../../access/caller.js';
import { IdOf } from '../../http/request-parts.js';
import { SendContent } from './send-content.js';

@Controller('v1/uploads/:id/content')
@RequiresScope('uploads:write')
export class UploadContentController {
  constructor(private readonly sendContent: SendContent) {}

  @Get()
  async show(
    @CurrentCaller() { tenantId }: Caller,
    @Param('id', new IdOf('upload')) id: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    return this.sendContent.execute(tenantId, id, request, response);
  }
}
