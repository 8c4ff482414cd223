import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import { type ApiClient, UnexpectedAnswer } from './api-client.js';
import { count } from './database.js';
import type { MailCatcher } from './mail-catcher.js';
import { numberedColumns, numberedCsv } from './numbered-csv.js';
import { tally, type Tally } from './tally.js';

const rowsPerImport = 20;

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

  /** Imports a few rows that carry its number, which it answers; somebody is told of it by e-mail. */
  postImport(): Promise<number> {
    return this.imports.make(async (n) => {
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

  postEmail(): Promise<number> {
    return this.emails.make(async (n) => {
      const request = { to: this.emailAddress(n), subject: `No. ${n}`, text: 'Numbered.' };
      const headers = { 'idempotency-key': `${this.name}-email-${n}` };
      await insist(() => this.api.sendEmail(request, headers));
    });
  }

  /**
   * How much of what was accepted has not come to its end, the messages on their way included. An
   * interrupted import waits for a person, and is at rest.
   */
  async countOpen(db: Client, mail: MailCatcher): Promise<number> {
    const open = await count(
      db,
      `select (select count(*) from gateway.import where state in ('queued', 'loading'))
            + (select count(*) from gateway.email where state not in ('sent', 'failed'))
            + (select count(*) from gateway.outbox_message where sent_at is null)
            + (select count(*) from ingest.outbox_message where sent_at is null)
            + (select count(*) from notifier.outbox_message where sent_at is null)`,
    );
    return open + this.noticeTally(mail).lost;
  }

  /** Whether the rows of an import are in the dataset's table. */
  async isImported(db: Client, n: number): Promise<boolean> {
    if (!(await this.hasTable(db))) return false;
    const first = firstRowOf(n);
    const rows = `select count(*) from datasets.${this.name} where n between $1 and $2`;
    return (await count(db, rows, [first, first + rowsPerImport - 1])) >= rowsPerImport;
  }

  /** The address that e-mail goes to. */
  emailAddress(n: number): string {
    return `${this.name}-email-${n}@example.test`;
  }

  /** By the rows in the dataset's table. */
  async rowTally(db: Client): Promise<Tally> {
    const hasTable = await this.hasTable(db);
    const select = `select n from datasets.${this.name}`;
    const { rows } = hasTable ? await db.query<{ n: string }>(select) : { rows: [] };
    return tally(
      this.imports.attempted.flatMap(rowsOf),
      this.imports.accepted.flatMap(rowsOf),
      rows.map(({ n }) => Number(n)),
    );
  }

  /** `doubts` tells how often an attempt to send the e-mail with that Message-ID was left in doubt. */
  emailTally(mail: MailCatcher, doubts: Doubts = new Map()): Tally {
    return mailTally({ mail, doubts, requests: this.emails }, (n) => this.emailAddress(n));
  }

  noticeTally(mail: MailCatcher, doubts: Doubts = new Map()): Tally {
    return mailTally({ mail, doubts, requests: this.imports }, (n) => this.noticeAddress(n));
  }

  /** A dataset's table is made by the first import into it. */
  private async hasTable(db: Client): Promise<boolean> {
    const name = `datasets.${this.name}`;
    return (await count(db, 'select count(to_regclass($1))', [name])) === 1;
  }

  private noticeAddress(n: number): string {
    return `${this.name}-notice-${n}@example.test`;
  }
}

/** Attempts in doubt by Message-ID. */
export type Doubts = ReadonlyMap<string, number>;

/** A notifier that dies with an e-mail in the relay's hands cannot know; it says so and repeats the Message-ID. */
export async function findDoubts(db: Client): Promise<Doubts> {
  const { rows } = await db.query<{ message_id_header: string; times: string }>(
    `select message_id_header, count(*) as times
       from notifier.email_attempt join notifier.email on email.id = email_attempt.email_id
      where outcome = 'in_doubt' group by message_id_header`,
  );
  return new Map(rows.map((row) => [row.message_id_header, Number(row.times)]));
}

/** Requests of one kind, numbered from 1. */
class Requests {
  readonly attempted: number[] = [];
  readonly accepted: number[] = [];

  async make(request: (n: number) => Promise<void>): Promise<number> {
    const n = this.attempted.length + 1;
    this.attempted.push(n);
    await request(n);
    this.accepted.push(n);
    return n;
  }
}

function firstRowOf(n: number): number {
  return n * 1000;
}

function rowsOf(n: number): number[] {
  return Array.from({ length: rowsPerImport }, (_, index) => firstRowOf(n) + index);
}

/** A second copy counts as doubled unless the notifier has told that it could not know of the first. */
function mailTally(
  { mail, doubts, requests }: { mail: MailCatcher; doubts: Doubts; requests: Requests },
  addressOf: (n: number) => string,
): Tally {
  const happened: number[] = [];
  let repeated = 0;
  for (const n of requests.attempted) {
    const copies = Map.groupBy(mail.takenFor(addressOf(n)), ({ messageId = '' }) => messageId);
    for (const [messageId, { length }] of copies) {
      const told = Math.min(length - 1, doubts.get(messageId) ?? 0);
      repeated += told;
      happened.push(...Array.from({ length: length - told }, () => n));
    }
  }
  return { ...tally(requests.attempted, requests.accepted, happened), repeated };
}

const patienceMs = 240_000;

/** In flight, and too many imports that run, which a load brings about while ingest is frozen. */
const saysToAskAgain = [409, 429];

/** Asks again while there is no answer, or one that says to ask again. */
async function insist<T>(request: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    try {
      return await request();
    } catch (error) {
      const isFinal =
        error instanceof UnexpectedAnswer &&
        error.status < 500 &&
        !saysToAskAgain.includes(error.status);
      if (isFinal || Date.now() > deadline) throw error;
      await pause(50);
    }
  }
}
