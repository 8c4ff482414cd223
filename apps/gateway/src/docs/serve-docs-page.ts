import type { NestExpressApplication } from '@nestjs/platform-express';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { openApiDocument } from '@offload/contracts/http';

/** Serves a page to read and try the API at /v1/docs. Its document is ours; nothing is derived from controllers. */
export function serveDocsPage(app: NestExpressApplication): void {
  const document = openApiDocument() as unknown as OpenAPIObject;
  SwaggerModule.setup('v1/docs', app, document, {
    customSiteTitle: 'Offload API',
    raw: false,
    swaggerOptions: { persistAuthorization: true, url: '/v1/openapi.json' },
  });
}
