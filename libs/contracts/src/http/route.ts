import type { z } from 'zod';
import type { ProblemCode } from './problems.js';
import type { Scope } from './scopes.js';

/** One route of the API, as data: the document, the page to read it and the tests come from it. */
export interface Route {
  /** The operationId: verb and noun, in camel case. */
  id: string;
  method: 'get' | 'post' | 'patch' | 'delete' | 'head' | 'options';
  /** With parameters in braces. */
  path: `/${string}`;
  tag: string;
  summary: string;
  description?: string;
  /** What the key must allow; `public` needs no key, `any` takes every valid one. */
  scope: Scope | 'public' | 'any';
  /** The path parameters, by name. */
  params?: Record<string, z.ZodType>;
  query?: z.ZodObject;
  headers?: Record<string, z.ZodType>;
  body?: Record<string, z.ZodType>;
  /** Takes an Idempotency-Key. */
  isIdempotent?: boolean;
  success: Answer[];
  /** Beside those that every such route has. */
  problems?: ProblemCode[];
}

export interface Answer {
  status: number;
  description: string;
  schema?: z.ZodType;
  /** (Default: application/json) */
  mediaType?: string;
  headers?: Record<string, string>;
}
