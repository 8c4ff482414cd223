/**
 * One request to RabbitMQ's management API. `base` carries user and password. Undefined when the
 * server does not answer or does not agree; an empty answer is an empty object.
 */
export async function managementRequest(
  base: string,
  method: string,
  path: string,
  body?: object,
): Promise<Record<string, unknown> | undefined> {
  const { origin, username, password } = new URL(base);
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  try {
    const response = await fetch(origin + path, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
        'content-type': 'application/json',
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(5000),
    });
    const text = await response.text();
    if (!response.ok) return undefined;
    return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  } catch {
    return undefined;
  }
}

export function managementGet(
  base: string,
  path: string,
): Promise<Record<string, unknown> | undefined> {
  return managementRequest(base, 'GET', path);
}
