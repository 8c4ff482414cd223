import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import { type ApiClient, UnexpectedAnswer } from './api-client.js';
import { count } from './database.js';
import type { MailCatcher } from './mail-catcher.js';
import { numberedColumns, numberedCsv } from './numbered-csv.js';
import { tally, type Tally } from './tally.js';

const rowsPerImport = 20;

/** Mails may come twice with one Message-ID, which a mailbox can tell; those are counted apart. */
export interface MailTally extends Tally {
  repeated: number;
}

/**
 * Numbered imports and e-mails, posted as a careful client posts them: again with the same
 * Idempotency-Key until there is an answer.
 */
export class NumberedLoad {
  private readonly imports = new Requests();
  private readonly emails = new Requests();

  /** `name` keeps two loads on one stack apart; it is also the dataset. */
  constructor(
    private readonly name: string,
    private readonly api: ApiClient,
  ) {}

  /** Imports a few rows that carry its number; somebody is told of it by e-mail. */
  async postImport(): Promise<void> {
    await this.imports.make(async (n) => {
      const csv = numberedCsv({ rows: rowsPerImport, from: firstRowOf(n) });
      // An upload that was cut off holds its key for a while, so each try is one of its own.
      const upload = await insist(() => this.api.upload(csv.text, `${this.name}-${n}.csv`));
      const request = {
        upload_id: upload.id,
        dataset: { name: this.name, columns: numberedColumns },
        notify: { email: this.noticeAddress(n) },
      };
      const headers = { 'idempotency-key': `${this.name}-import-${n}` };
      await insist(() => this.api.startImport(request, headers));
    });
  }

  async postEmail(): Promise<void> {
    await this.emails.make(async (n) => {
      const request = { to: this.emailAddress(n), subject: `No. ${n}`, text: 'Numbered.' };
      const headers = { 'idempotency-key': `${this.name}-email-${n}` };
      await insist(() => this.api.sendEmail(request, headers));
    });
  }

  /** How much of what was accepted has not come to its end, the messages on their way included. */
  async countOpen(db: Client, mail: MailCatcher): Promise<number> {
    const open = await count(
      db,
      `select (select count(*) from gateway.import where state not in ('completed', 'failed'))
            + (select count(*) from gateway.email where state not in ('sent', 'failed'))
            + (select count(*) from gateway.outbox_message where sent_at is null)
            + (select count(*) from ingest.outbox_message where sent_at is null)
            + (select count(*) from notifier.outbox_message where sent_at is null)`,
    );
    return open + this.noticeTally(mail).lost;
  }

  /** By the rows in the dataset's table. */
  async rowTally(db: Client): Promise<Tally> {
    const { rows } = await db.query<{ n: string }>(`select n from datasets.${this.name}`);
    return tally(
      this.imports.attempted.flatMap(rowsOf),
      this.imports.accepted.flatMap(rowsOf),
      rows.map(({ n }) => Number(n)),
    );
  }

  emailTally(mail: MailCatcher): MailTally {
    return mailTally(mail, this.emails, (n) => this.emailAddress(n));
  }

  noticeTally(mail: MailCatcher): MailTally {
    return mailTally(mail, this.imports, (n) => this.noticeAddress(n));
  }

  private noticeAddress(n: number): string {
    return `${this.name}-notice-${n}@example.test`;
  }

  private emailAddress(n: number): string {
    return `${this.name}-email-${n}@example.test`;
  }
}

/** Requests of one kind, numbered from 1. */
class Requests {
  readonly attempted: number[] = [];
  readonly accepted: number[] = [];

  async make(request: (n: number) => Promise<void>): Promise<void> {
    const n = this.attempted.length + 1;
    this.attempted.push(n);
    await request(n);
    this.accepted.push(n);
  }
}

function firstRowOf(n: number): number {
  return n * 1000;
}

function rowsOf(n: number): number[] {
  return Array.from({ length: rowsPerImport }, (_, index) => firstRowOf(n) + index);
}

function mailTally(
  mail: MailCatcher,
  requests: Requests,
  addressOf: (n: number) => string,
): MailTally {
  const taken = requests.attempted.map((n) => ({
    n,
    ids: mail.takenFor(addressOf(n)).map(({ messageId }) => messageId),
  }));
  const happened = taken.flatMap(({ n, ids }) => Array.from(new Set(ids), () => n));
  const repeated = taken.reduce((sum, { ids }) => sum + ids.length - new Set(ids).size, 0);
  return { ...tally(requests.attempted, requests.accepted, happened), repeated };
}

const patienceMs = 60_000;

/** Asks again while there is no answer, or one that says to ask again. */
async function insist<T>(request: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    try {
      return await request();
    } catch (error) {
      const isFinal =
        error instanceof UnexpectedAnswer && error.status < 500 && error.status !== 409;
      if (isFinal || Date.now() > deadline) throw error;
      await pause(50);
    }
  }
}
