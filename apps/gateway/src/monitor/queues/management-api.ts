import { describeError } from '@offload/platform';
import { z } from 'zod';

/** A queue as the broker sees it. Null is what it has not said. */
export interface BrokerQueue {
  name: string;
  ready: number | null;
  unacked: number | null;
  consumers: number | null;
  publishedPerS: number | null;
  ackedPerS: number | null;
  /** It belongs to one connection and goes with it. */
  isExclusive: boolean;
}

export interface ManagementView {
  queues: BrokerQueue[];
  /** Nodes that have run out of something, in words. Empty also when they may not be asked. */
  alarms: string[];
}

/** What keeps the management API from answering, and what to do, in words. It carries no password. */
export class ManagementAway extends Error {}

export interface ManagementOptions {
  /** `RABBITMQ_MANAGEMENT_URL`. */
  url: string;
  /** `RABBITMQ_URL`: the virtual host, and user and password where the other has none. */
  amqpUrl: string;
  timeoutMs?: number;
}

/** Reads RabbitMQ's management API: the queues of our virtual host, and alarms. */
export class ManagementApi {
  private readonly base: string;
  private readonly address: string;
  private readonly user: string;
  private readonly authorization: string;
  private readonly vhost: string;
  private readonly timeoutMs: number;

  constructor({ url, amqpUrl, timeoutMs = 3_000 }: ManagementOptions) {
    const given = new URL(url);
    const amqp = new URL(amqpUrl);
    const { username, password } = given.username === '' ? amqp : given;
    this.user = decodeURIComponent(username) || 'guest';
    const credentials = `${this.user}:${decodeURIComponent(password) || 'guest'}`;
    this.authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
    // RabbitMQ's management.path_prefix may put it below a path.
    this.base = `${given.origin}${given.pathname.replace(/\/+$/, '')}/api`;
    this.address = given.host;
    this.vhost = decodeURIComponent(amqp.pathname.slice(1)) || '/';
    this.timeoutMs = timeoutMs;
  }

  /** Throws ManagementAway. */
  async read(): Promise<ManagementView> {
    const [queues, alarms] = await Promise.all([this.queues(), this.alarms()]);
    return { queues, alarms };
  }

  private async queues(): Promise<BrokerQueue[]> {
    const path = `/queues/${encodeURIComponent(this.vhost)}?columns=${queueColumns.join(',')}`;
    const parsed = Queues.safeParse(await this.get(path));
    if (!parsed.success)
      throw new ManagementAway(`${this.name} answers something else than queues.`);
    return parsed.data.map(toQueue);
  }

  /** A user who may see queues may not be one who may see nodes; alarms are then told by the connections. */
  private async alarms(): Promise<string[]> {
    const body = await this.get('/nodes?columns=name,running,mem_alarm,disk_free_alarm').catch(
      () => [],
    );
    const parsed = Nodes.safeParse(body);
    return parsed.success ? parsed.data.flatMap(alarmsOf) : [];
  }

  private async get(path: string): Promise<unknown> {
    const signal = AbortSignal.timeout(this.timeoutMs);
    const response = await fetch(this.base + path, {
      headers: { authorization: this.authorization },
      signal,
    }).catch((error: unknown) => {
      const late = `no answer within ${this.timeoutMs / 1000} s`;
      throw new ManagementAway(this.unreachable(signal.aborted ? late : codeOf(error)));
    });
    const text = await response.text().catch(() => '');
    if (!response.ok) throw new ManagementAway(this.refusal(response.status));
    try {
      return JSON.parse(text);
    } catch {
      throw new ManagementAway(
        `${this.name} answers something that is not JSON. Check the address in RABBITMQ_MANAGEMENT_URL.`,
      );
    }
  }

  private get name(): string {
    return `The management API at ${this.address}`;
  }

  private unreachable(why: string): string {
    return `${this.name} cannot be reached (${why}). Check RABBITMQ_MANAGEMENT_URL, and that the plugin rabbitmq_management is enabled.`;
  }

  private refusal(status: number): string {
    if (status === 401 || status === 403) {
      return `${this.name} refuses the user “${this.user}” (${status}). Check user and password in RABBITMQ_MANAGEMENT_URL; the user needs the tag “monitoring” and permissions on the virtual host “${this.vhost}”.`;
    }
    if (status === 404) {
      return `${this.name} has no virtual host “${this.vhost}” (404). Check that RABBITMQ_URL and RABBITMQ_MANAGEMENT_URL mean the same broker.`;
    }
    return `${this.name} answers ${status}. Look at the log of RabbitMQ.`;
  }
}

const queueColumns = [
  'name',
  'exclusive',
  'messages_ready',
  'messages_ready_details.rate',
  'messages_unacknowledged',
  'consumers',
  'message_stats.publish_details.rate',
  'message_stats.ack_details.rate',
];

const Rate = z.object({ rate: z.number() }).optional();

/** A queue that was just made, or whose leader is away, is listed with its name alone. */
const Queues = z.array(
  z.object({
    name: z.string(),
    exclusive: z.boolean().optional(),
    messages_ready: z.number().optional(),
    messages_ready_details: Rate,
    messages_unacknowledged: z.number().optional(),
    consumers: z.number().optional(),
    message_stats: z.object({ publish_details: Rate, ack_details: Rate }).optional(),
  }),
);

const Nodes = z.array(
  z.object({
    name: z.string(),
    running: z.boolean().optional(),
    mem_alarm: z.boolean().optional(),
    disk_free_alarm: z.boolean().optional(),
  }),
);

function toQueue(row: z.output<typeof Queues>[number]): BrokerQueue {
  // Nothing has ever moved through it, unless the broker keeps no rates at all.
  const unmoved = row.messages_ready_details ? 0 : null;
  return {
    name: row.name,
    ready: row.messages_ready ?? null,
    unacked: row.messages_unacknowledged ?? null,
    consumers: row.consumers ?? null,
    publishedPerS: row.message_stats?.publish_details?.rate ?? unmoved,
    ackedPerS: row.message_stats?.ack_details?.rate ?? unmoved,
    isExclusive: row.exclusive ?? false,
  };
}

function alarmsOf(node: z.output<typeof Nodes>[number]): string[] {
  if (node.running === false) return [`node ${node.name} is down`];
  return [
    ...(node.mem_alarm ? [`node ${node.name} is out of memory`] : []),
    ...(node.disk_free_alarm ? [`node ${node.name} is out of disk`] : []),
  ];
}

/** `fetch failed` says nothing; what is behind it does. */
function codeOf(error: unknown): string {
  const { cause } = error as { cause?: unknown };
  return describeError(cause ?? error).code;
}
