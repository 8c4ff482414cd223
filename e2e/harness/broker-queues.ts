import { type ChannelModel, connect } from 'amqplib';
import { managementRequest } from '../../scripts/lib/rabbitmq-management.mts';

/** Messages that wait in the queues of a virtual host at this moment; those in somebody's hand are not seen. */
export async function waitingMessages(url: string, managementUrl: string): Promise<number> {
  const queues = await queuesOf(url, managementUrl);
  return onChannel(url, async (channel) => {
    let waiting = 0;
    for (const { name } of queues.filter(({ exclusive }) => !exclusive)) {
      waiting += (await channel.checkQueue(name)).messageCount;
    }
    return waiting;
  });
}

/** The same of one queue. */
export function waitingIn(queue: string, url: string): Promise<number> {
  return onChannel(url, async (channel) => (await channel.checkQueue(queue)).messageCount);
}

export interface QueueReport {
  name: string;
  exclusive: boolean;
  /** Of a quorum queue: the node that leads it. */
  leader?: string;
  members?: string[];
}

/** The queues of the virtual host in this address, as the broker reports them. */
export async function queuesOf(url: string, managementUrl: string): Promise<QueueReport[]> {
  const path = `/api/queues/${vhostOf(url)}?columns=name,exclusive,leader,members`;
  const answer: unknown = await managementRequest(managementUrl, 'GET', path);
  return (answer as QueueReport[] | undefined) ?? [];
}

/** As it stands in a path of the management API. */
export function vhostOf(url: string): string {
  const [first = ''] = url.split(',');
  return new URL(first).pathname.slice(1);
}

type Channel = Awaited<ReturnType<ChannelModel['createChannel']>>;

/** Does something on a channel of its own. */
export async function onChannel<T>(
  url: string,
  work: (channel: Channel) => Promise<T>,
): Promise<T> {
  const connection = await connectAny(url.split(','));
  try {
    return await work(await connection.createChannel());
  } finally {
    await connection.close();
  }
}

async function connectAny(addresses: readonly string[]): Promise<ChannelModel> {
  let reason: unknown;
  for (const address of addresses) {
    try {
      return await connect(address);
    } catch (error) {
      reason = error;
    }
  }
  throw reason;
}
