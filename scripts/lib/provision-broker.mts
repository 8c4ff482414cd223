import { managementRequest } from './rabbitmq-management.mts';

/**
 * Makes a virtual host of that name and returns its AMQP address; of a cluster, its addresses. The
 * user who makes a virtual host gets every permission in it. Safe to repeat.
 */
export async function createVhost(
  url: string,
  managementUrl: string,
  vhost: string,
): Promise<string> {
  const made = await managementRequest(managementUrl, 'PUT', vhostPath(vhost), {});
  if (!made) throw new Error(`RabbitMQ did not make the virtual host "${vhost}".`);
  return url
    .split(',')
    .map((address) => {
      const changed = new URL(address);
      changed.pathname = `/${encodeURIComponent(vhost)}`;
      return changed.href;
    })
    .join(',');
}

/** Removes a virtual host with its queues and connections; a no-op when there is none. */
export async function deleteVhost(managementUrl: string, vhost: string): Promise<void> {
  await managementRequest(managementUrl, 'DELETE', vhostPath(vhost));
}

function vhostPath(vhost: string): string {
  return `/api/vhosts/${encodeURIComponent(vhost)}`;
}
