import { Controller, Get, Inject } from '@nestjs/common';
import { openApiDocument } from '@offload/contracts/http';
import { Public } from '../access/access.guard.js';
import { GATEWAY_CONFIG, type GatewayConfig } from '../config.js';

@Controller('v1')
@Public()
export class DocsController {
  private readonly document: object;

  constructor(@Inject(GATEWAY_CONFIG) { PUBLIC_URL }: GatewayConfig) {
    this.document = openApiDocument(PUBLIC_URL === undefined ? {} : { serverUrl: PUBLIC_URL });
  }

  @Get('openapi.json')
  openApi(): object {
    return this.document;
  }
}
