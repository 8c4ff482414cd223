import { setTimeout as pause } from 'node:timers/promises';
import type { ReplayResource } from '../../../libs/contracts/src/http/replays.ts';
import { managementRequest } from '../rabbitmq-management.mts';
import { type Service, SERVICES } from '../services.mts';
import type { EmailsUnderSoak } from './emails-under-soak.mts';
import type { Soaked } from './soak-stack.mts';

const lettersEach = 5;

/** What goes wrong, one after the other; each is over before the next begins. */
export class Disturbances {
  readonly done = new Map<string, number>();
  private readonly soaked: Soaked;
  private readonly emails: EmailsUnderSoak;
  private begun = 0;

  constructor(soaked: Soaked, emails: EmailsUnderSoak) {
    this.soaked = soaked;
    this.emails = emails;
  }

  async next(over: AbortSignal): Promise<void> {
    const n = (this.begun += 1);
    const victim = SERVICES[Math.floor(n / 4) % SERVICES.length] ?? 'gateway';
    switch (n % 4) {
      case 0:
        return this.note(`${victim} cut off from the database`, () => this.cutDatabase(victim));
      case 1:
        return this.note('dead letters, replayed', () => this.giveUpAndReplay());
      case 2:
        return this.note(`${victim} cut off from the broker`, () => this.cutBroker(victim));
      default:
        return this.note('mail relay away', () => this.leaveWithoutRelay(over));
    }
  }

  /** Leaves nothing broken. */
  async mend(): Promise<void> {
    this.soaked.relay.forgive();
  }

  private async note(what: string, disturb: () => Promise<void>): Promise<void> {
    await disturb();
    this.done.set(what, (this.done.get(what) ?? 0) + 1);
  }

  private async leaveWithoutRelay(over: AbortSignal): Promise<void> {
    await this.soaked.relay.goAway();
    await pause(8000, undefined, { signal: over }).catch(() => undefined);
    await this.soaked.relay.comeBack();
  }

  private async cutDatabase(service: Service): Promise<void> {
    const { db, stack } = this.soaked;
    await db.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename = $1',
      [new URL(stack.databaseUrls[service]).username],
    );
  }

  /** By the management API, as an operator does. */
  private async cutBroker(service: Service): Promise<void> {
    const { managementUrl, stack } = this.soaked;
    const vhost = new URL(stack.rabbitmqUrl).pathname.slice(1);
    const path = `/api/vhosts/${vhost}/connections?columns=name,client_properties`;
    const found: unknown = await managementRequest(managementUrl, 'GET', path);
    const connections = (found ?? []) as {
      name: string;
      client_properties: { connection_name?: string };
    }[];
    for (const { name, client_properties: said } of connections) {
      if (!said.connection_name?.startsWith(`${service} `)) continue;
      await managementRequest(
        managementUrl,
        'DELETE',
        `/api/connections/${encodeURIComponent(name)}`,
      );
    }
  }

  /** E-mails that the relay refuses become dead letters; once it takes them, they are replayed. */
  private async giveUpAndReplay(): Promise<void> {
    const { client, relay, db } = this.soaked;
    const recipients = this.emails.nextAddresses(lettersEach);
    relay.refuse(recipients);
    await this.emails.send(recipients);
    const givenUpAt = Date.now() + 60_000;
    const open = `select count(*) as open from gateway.dead_letter where state = 'open'`;
    const countOpen = async (): Promise<number> =>
      Number((await db.query<{ open: string }>(open)).rows[0]?.open);
    while ((await countOpen()) < lettersEach && Date.now() < givenUpAt) await pause(250);
    relay.forgive();
    const replay = await client.ask<ReplayResource>('POST', '/v1/replays', {
      json: {
        filter: { queue: 'notifier.send-email' },
        incident: 'soak',
        reason: 'The relay takes them again.',
      },
    });
    await client.until<ReplayResource>(
      `/v1/replays/${replay.id}`,
      ({ state }) => state === 'completed',
    );
  }
}
