import { types } from 'node:util';
import { AppError } from './app-error.js';

export interface ErrorDescription {
  code: string;
  /** The class that raised it. */
  name: string;
  message: string;
  stack: string | undefined;
  details: Record<string, unknown>;
}

/** What is told of any thrown value, in logs and in dead letters. Drivers' codes (`ECONNREFUSED`, `23505`) are kept. */
export function describeError(thrown: unknown): ErrorDescription {
  if (!isError(thrown)) {
    return {
      code: 'unknown',
      name: typeof thrown,
      message: String(thrown),
      stack: undefined,
      details: {},
    };
  }
  return {
    code: thrown instanceof AppError ? thrown.code : foreignCode(thrown),
    name: thrown.name,
    message: thrown.message || thrown.name,
    stack: thrown.stack,
    details: thrown instanceof AppError ? thrown.details : {},
  };
}

function foreignCode(error: Error): string {
  const code = 'code' in error ? error.code : undefined;
  return typeof code === 'string' || typeof code === 'number' ? String(code) : 'unexpected';
}

/** Also for errors of another realm, which `instanceof` does not know. */
function isError(thrown: unknown): thrown is Error {
  return thrown instanceof Error || types.isNativeError(thrown);
}
