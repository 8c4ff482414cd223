import type { DataSource } from 'typeorm';
import { askQuickly } from './connection-pool.js';

type Rows = Record<string, unknown>[];

/**
 * One question to the database that is asked now and then, for what is nice to know, and keeps nobody
 * waiting for long.
 *
 * Who asks while it is open gets the same answer, so a database that hangs costs one connection and no more.
 */
export class QuickQuestion {
  private asked: Promise<Rows> | undefined;

  /** PostgreSQL gives up after `timeoutMs`, and whoever asked after twice that. */
  constructor(
    private readonly dataSource: DataSource,
    private readonly sql: string,
    private readonly timeoutMs: number,
  ) {}

  /** Answers the rows. Throws when the database cannot be asked, or does not answer in time. */
  async ask(): Promise<Rows> {
    this.asked ??= this.open();
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_resolve, reject) => {
      const waitMs = 2 * this.timeoutMs;
      timer = setTimeout(
        () => reject(new Error(`The database has not answered within ${waitMs} ms.`)),
        waitMs,
      );
    });
    try {
      return await Promise.race([this.asked, tooLate]);
    } finally {
      clearTimeout(timer);
    }
  }

  private async open(): Promise<Rows> {
    try {
      return await askQuickly(this.dataSource, this.sql, this.timeoutMs);
    } finally {
      this.asked = undefined;
    }
  }
}
