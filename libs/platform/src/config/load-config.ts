import { z } from 'zod';
import { AppError } from '../errors/app-error.js';
import { readVariable } from './read-variable.js';

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
 * Each variable may stand in a file that `<NAME>_FILE` names, so that secrets can come from files.
 * Throws InvalidConfig with every problem at once.
 */
export function loadConfig<S extends z.ZodObject>(
  service: string,
  schema: S,
  environment: Record<string, string | undefined> = process.env,
): z.output<S> {
  const given: Record<string, string> = {};
  const unread = new Map<string, string>();
  for (const name of Object.keys(schema.shape)) {
    const { value, problem } = readVariable(name, environment);
    if (problem !== undefined) unread.set(name, problem);
    else if (value !== undefined) given[name] = value;
  }
  const parsed = schema.safeParse(given);
  if (parsed.success && unread.size === 0) return parsed.data;
  const issues = parsed.success ? [] : parsed.error.issues;
  throw new InvalidConfig(service, [
    ...unread.values(),
    ...issues
      .map(({ path, message }) => ({ name: path.join('.'), message }))
      // What could not be read is not missing as well.
      .filter(({ name }) => !unread.has(name))
      .map(({ name, message }) =>
        given[name] === undefined
          ? `${name} is not set. ${describe(schema, name)}`
          : `${name}: ${message}`,
      ),
  ]);
}

function describe(schema: z.ZodObject, name: string): string {
  const field: unknown = schema.shape[name];
  return field instanceof z.ZodType ? (field.description ?? '') : '';
}
