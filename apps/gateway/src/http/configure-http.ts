import type { NestExpressApplication } from '@nestjs/platform-express';
import { traceRequests } from '@offload/platform';
import type { NextFunction, Request, Response } from 'express';

/**
 * Settings of the HTTP server that Nest leaves to Express and Node. The application must have been
 * created with `bodyParser: false`: bodies are read where they are wanted, and uploads are streams.
 */
export function configureHttp(app: NestExpressApplication): void {
  app.disable('x-powered-by');
  // A hash of the body: a strong validator, by which a GET is answered 304.
  app.set('etag', 'strong');
  app.set('query parser', 'simple');
  app.use(traceRequests);
  app.use(setCommonHeaders);
  const server = app.getHttpServer();
  // Node ends a request after five minutes otherwise, in the middle of a large upload.
  server.requestTimeout = 0;
  // A connection on which nothing moves is closed all the same; event streams send a heartbeat.
  server.timeout = 120_000;
}

function setCommonHeaders(_request: Request, response: Response, next: NextFunction): void {
  response.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' });
  next();
}
