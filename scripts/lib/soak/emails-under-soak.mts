import type { Soaked } from './soak-stack.mts';
import type { Count } from './work.mts';

/** Numbered e-mails, each to an address of its own. */
export class EmailsUnderSoak {
  private accepted = 0;
  private readonly soaked: Soaked;

  constructor(soaked: Soaked) {
    this.soaked = soaked;
  }

  async sendNext(): Promise<void> {
    await this.send(this.nextAddresses(1));
  }

  /** Addresses that nobody else writes to. */
  nextAddresses(count: number): string[] {
    return Array.from({ length: count }, () => addressOf((this.accepted += 1)));
  }

  async send(recipients: readonly string[]): Promise<void> {
    for (const to of recipients) {
      const json = { to, subject: 'Soak', text: `To ${to}.` };
      await this.soaked.client.ask('POST', '/v1/emails', { json });
    }
  }

  async count(): Promise<Count> {
    const { relay, db } = this.soaked;
    const numbers = Array.from({ length: this.accepted }, (_, index) => index + 1);
    const copies = numbers.map((n) => relay.countFor(addressOf(n)));
    const extra = copies.reduce((sum, times) => sum + Math.max(0, times - 1), 0);
    const { rows } = await db.query<{ doubts: string }>(
      `select count(*) as doubts from notifier.email_attempt where outcome = 'in_doubt'`,
    );
    const repeated = Math.min(extra, Number(rows[0]?.doubts));
    return {
      what: 'e-mails',
      accepted: this.accepted,
      effects: copies.reduce((sum, times) => sum + times, 0),
      lost: copies.filter((times) => times === 0).length,
      doubled: extra - repeated,
      repeated,
    };
  }
}

function addressOf(n: number): string {
  return `soak-${n}@example.test`;
}
