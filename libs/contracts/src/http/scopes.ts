import { z } from 'zod';

/**
 * What an API key may do.
 *
 * The scopes of operations are for operators of the installation: they show the dead letters of all
 * tenants, the queues and the workers. `admin` includes every other scope.
 */
export const Scope = z.enum([
  'uploads:write',
  'imports:write',
  'imports:read',
  'datasets:write',
  'datasets:read',
  'emails:send',
  'emails:read',
  'operations:read',
  'operations:write',
  'admin',
]);
export type Scope = z.output<typeof Scope>;

/** Whether a key with these scopes may do what needs the wanted one. */
export function allows(scopes: readonly string[], wanted: Scope): boolean {
  return scopes.includes(wanted) || scopes.includes('admin');
}
