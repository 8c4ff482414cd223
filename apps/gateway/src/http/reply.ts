import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import type { Response } from 'express';
import { map, type Observable } from 'rxjs';

/** An answer with its own status and headers. A handler returns one, and the interceptor sends it. */
export class Reply {
  constructor(
    readonly status: number,
    readonly headers: Readonly<Record<string, string>>,
    readonly body: unknown,
  ) {}

  with(headers: Record<string, string>): Reply {
    return new Reply(this.status, { ...this.headers, ...headers }, this.body);
  }
}

@Injectable()
export class SendReply implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const response = context.switchToHttp().getResponse<Response>();
    return next.handle().pipe(
      map((result: unknown) => {
        if (!(result instanceof Reply)) return result;
        response.status(result.status).set(result.headers);
        return result.body;
      }),
    );
  }
}
