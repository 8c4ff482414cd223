import { createParamDecorator, type ExecutionContext, type PipeTransform } from '@nestjs/common';
import { AppError } from '@offload/platform';
import type { Request } from 'express';
import { z } from 'zod';
import { readJsonBody } from './read-json-body.js';
import { bodyPointer, queryPointer, validate } from './validate.js';

/** There is no such thing, or it is another tenant's: the two look the same. */
export class NotFound extends AppError {
  constructor(kind: string, id: string) {
    super('not_found', `There is no ${kind} ${id.slice(0, 100)}.`);
  }
}

/** The JSON body, as the schema makes it. */
export const JsonBody = (schema: z.ZodType) => jsonBody(() => schema);

/** The query, as the schema makes it. */
export const ValidQuery = (schema: z.ZodType) => validQuery(() => schema);

/** The schema comes in a function: Nest would take a bare one, which has a method `transform`, for a pipe. */
const jsonBody = createParamDecorator(
  async (schema: () => z.ZodType, context: ExecutionContext): Promise<unknown> => {
    const request = context.switchToHttp().getRequest<Request>();
    return validate(schema(), await readJsonBody(request), bodyPointer);
  },
);

const validQuery = createParamDecorator(
  (schema: () => z.ZodType, context: ExecutionContext): unknown => {
    const { query } = context.switchToHttp().getRequest<Request>();
    return validate(schema(), query, queryPointer);
  },
);

/** For path parameters: what is not an id is the id of nothing. */
export class IdOf implements PipeTransform<string, string> {
  constructor(private readonly kind: string) {}

  transform(given: string): string {
    if (!z.uuid().safeParse(given).success) throw new NotFound(this.kind, given);
    return given.toLowerCase();
  }
}
