import { connect } from 'amqplib';
import { managementRequest } from '../../scripts/lib/rabbitmq-management.mts';

/** Messages that wait in the queues of a virtual host at this moment; those in somebody's hand are not seen. */
export async function waitingMessages(url: string, managementUrl: string): Promise<number> {
  const vhost = new URL(url).pathname.slice(1);
  const path = `/api/queues/${vhost}?columns=name,exclusive`;
  const queues = (await managementRequest(managementUrl, 'GET', path)) as unknown as
    { name: string; exclusive: boolean }[] | undefined;
  const connection = await connect(url);
  try {
    const channel = await connection.createChannel();
    let waiting = 0;
    for (const { name } of (queues ?? []).filter(({ exclusive }) => !exclusive)) {
      waiting += (await channel.checkQueue(name)).messageCount;
    }
    return waiting;
  } finally {
    await connection.close();
  }
}
