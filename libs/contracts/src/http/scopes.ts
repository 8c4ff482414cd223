import { z } from 'zod';

/**
 * What an API key may do. `admin` is for operators of the installation: it includes every other scope
 * and shows the dead letters of all tenants.
 */
export const Scope = z.enum([
  'uploads:write',
  'imports:write',
  'imports:read',
  'datasets:read',
  'emails:send',
  'emails:read',
  'admin',
]);
export type Scope = z.output<typeof Scope>;

/** Whether a key with these scopes may do what needs the wanted one. */
export function allows(scopes: readonly string[], wanted: Scope): boolean {
  return scopes.includes(wanted) || scopes.includes('admin');
}
