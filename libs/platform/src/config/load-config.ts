import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { AppError } from '../errors/app-error.js';

/** The configuration cannot be used; the message names each variable and what is wrong with it. */
export class InvalidConfig extends AppError {
  constructor(service: string, problems: string[]) {
    super(
      'platform.invalid-config',
      `The configuration of ${service} cannot be used:\n${problems.map((line) => `  ${line}`).join('\n')}\nSee docs/generated/configuration.md.`,
    );
  }
}

/**
 * Reads a service's configuration from environment variables, validated as a whole.
 *
 * `<NAME>_FILE` is read instead of `<NAME>` where it is set, so that secrets can come from files.
 * Throws InvalidConfig with every problem at once.
 */
export function loadConfig<S extends z.ZodObject>(
  service: string,
  schema: S,
  environment: Record<string, string | undefined> = process.env,
): z.output<S> {
  const wanted = Object.keys(schema.shape);
  const given = Object.fromEntries(
    wanted.flatMap((name) => {
      const value = fromFile(environment[`${name}_FILE`]) ?? environment[name];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new InvalidConfig(
    service,
    parsed.error.issues.map(({ path, message }) => {
      const name = path.join('.');
      return given[name] === undefined
        ? `${name} is not set. ${describe(schema, name)}`
        : `${name}: ${message}`;
    }),
  );
}

function describe(schema: z.ZodObject, name: string): string {
  const field: unknown = schema.shape[name];
  return field instanceof z.ZodType ? (field.description ?? '') : '';
}

function fromFile(path: string | undefined): string | undefined {
  return path ? readFileSync(path, 'utf8').trim() : undefined;
}
