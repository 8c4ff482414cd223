import { readdirSync, readFileSync } from 'node:fs';
import { isRunning } from '../processes.mts';
import { managementRequest } from '../rabbitmq-management.mts';
import { type Service, SERVICES } from '../services.mts';
import type { Soaked } from './soak-stack.mts';

/** What one process holds. */
export interface Held {
  rssMib: number;
  heapMib: number;
  threads: number;
  fds: number;
  poolInUse: number;
  poolWaiting: number;
  /** Open at the database, also idle ones. */
  databaseConnections: number;
  brokerConnections: number;
  channels: number;
}

/** One look at everything. */
export interface Sample {
  atMs: number;
  held: Record<Service, Held>;
  /** Messages in all queues, those in hand included. */
  messages: number;
  /** Messages that have not been sent. */
  outbox: number;
  /** Imports and e-mails that have not come to their end. */
  open: number;
}

const everyMs = 5000;

/** Looks at the processes from outside: /proc, /metrics, the database and the broker's management API. */
export class Sampler {
  private readonly samples: Sample[] = [];
  private readonly soaked: Soaked;
  private timer: NodeJS.Timeout | undefined;

  constructor(soaked: Soaked) {
    this.soaked = soaked;
  }

  begin(): void {
    this.samples.length = 0;
    this.timer = setInterval(() => {
      this.look().then(
        (sample) => this.samples.push(sample),
        // The database or the broker was cut off under it; the next look comes soon.
        () => undefined,
      );
    }, everyMs);
  }

  end(): Sample[] {
    clearInterval(this.timer);
    return [...this.samples];
  }

  async look(): Promise<Sample> {
    const [held, messages, [outbox, open]] = await Promise.all([
      this.held(),
      this.messages(),
      this.unfinished(),
    ]);
    return { atMs: performance.now(), held, messages, outbox, open };
  }

  private async held(): Promise<Record<Service, Held>> {
    const [broker, sessions] = await Promise.all([this.brokerConnections(), this.sessions()]);
    const each = SERVICES.map(async (service): Promise<[Service, Held]> => {
      const watched = this.soaked.stack.service(service);
      const { identity, pid, url } = watched;
      if (!isRunning(identity))
        throw new Error(`${service} has ended by itself:\n${watched.logTail()}`);
      const metrics = await (await fetch(`${url}/metrics`)).text();
      const own = broker.filter(({ service: its }) => its === service);
      return [
        service,
        {
          ...fromProc(pid),
          heapMib: valueOf(metrics, 'nodejs_heap_size_used_bytes') / 1024 ** 2,
          poolInUse: valueOf(metrics, 'offload_database_connections{state="in_use"}'),
          poolWaiting: valueOf(metrics, 'offload_database_waiting'),
          databaseConnections: sessions.get(service) ?? 0,
          brokerConnections: own.length,
          channels: own.reduce((sum, { channels }) => sum + channels, 0),
        },
      ];
    });
    return Object.fromEntries(await Promise.all(each)) as Record<Service, Held>;
  }

  private async brokerConnections(): Promise<{ service: string; channels: number }[]> {
    const found = await this.ask<{
      channels: number;
      client_properties?: { connection_name?: string };
    }>(`/api/vhosts/${this.vhost}/connections?columns=channels,client_properties`);
    return found.map(({ channels, client_properties: said }) => ({
      service: said?.connection_name?.split(' ')[0] ?? '',
      channels: channels ?? 0,
    }));
  }

  private async messages(): Promise<number> {
    const queues = await this.ask<{ messages?: number }>(
      `/api/queues/${this.vhost}?columns=messages`,
    );
    return queues.reduce((sum, { messages = 0 }) => sum + messages, 0);
  }

  private async sessions(): Promise<Map<string, number>> {
    const { db, stack } = this.soaked;
    const { rows } = await db.query<{ usename: string; times: string }>(
      'select usename, count(*) as times from pg_stat_activity where datname = current_database() group by 1',
    );
    const byRole = new Map(rows.map(({ usename, times }) => [usename, Number(times)]));
    return new Map(
      SERVICES.map((service) => [
        service,
        byRole.get(new URL(stack.databaseUrls[service]).username) ?? 0,
      ]),
    );
  }

  private async unfinished(): Promise<[outbox: number, open: number]> {
    const { rows } = await this.soaked.db.query<{ outbox: string; open: string }>(
      `select (select count(*) from gateway.outbox_message where sent_at is null)
            + (select count(*) from ingest.outbox_message where sent_at is null)
            + (select count(*) from notifier.outbox_message where sent_at is null) as outbox,
              (select count(*) from gateway.import 
                where state in ('queued', 'loading', 'finalizing', 'canceling', 'reverting'))
            + (select count(*) from gateway.email where state not in ('sent', 'failed')) as open`,
    );
    return [Number(rows[0]?.outbox), Number(rows[0]?.open)];
  }

  private get vhost(): string {
    return new URL(this.soaked.stack.rabbitmqUrl).pathname.slice(1);
  }

  private async ask<T>(path: string): Promise<T[]> {
    const answer: unknown = await managementRequest(this.soaked.managementUrl, 'GET', path);
    if (!Array.isArray(answer)) throw new Error('The management API does not answer.');
    return answer as T[];
  }
}

function fromProc(pid: number): Pick<Held, 'rssMib' | 'threads' | 'fds'> {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const number = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
  return {
    rssMib: number('VmRSS') / 1024,
    threads: number('Threads'),
    fds: readdirSync(`/proc/${pid}/fd`).length,
  };
}

function valueOf(metrics: string, name: string): number {
  const line = metrics.split('\n').find((each) => each.startsWith(`${name} `));
  return line === undefined ? NaN : Number(line.slice(name.length + 1));
}
