import type { IncomingMessage } from 'node:http';

/**
 * The template of the route that answers, as OpenAPI writes it: /v1/imports/{id}. Undefined where no route does, and
 * before the router has found it.
 */
export function routeOf(request: IncomingMessage): string | undefined {
  const { route } = request as { route?: { path?: unknown } };
  const path = route?.path;
  if (typeof path !== 'string' || path.includes('*')) return undefined;
  return path.replaceAll(/:(\w+)/g, '{$1}');
}
