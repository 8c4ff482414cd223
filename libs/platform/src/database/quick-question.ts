import type { DataSource } from 'typeorm';
import { askQuickly } from './connection-pool.js';

/**
 * One question to the database that is asked now and then, for what is nice to know, and keeps nobody
 * waiting for long.
 *
 * Who asks while it is open gets the same answer, so a database that hangs costs one connection and no more.
 */
export class QuickQuestion {
  private asked: Promise<Record<string, unknown>[] | undefined> | undefined;

  /** PostgreSQL gives up after `timeoutMs`, and whoever asked after twice that. */
  constructor(
    private readonly dataSource: DataSource,
    private readonly sql: string,
    private readonly timeoutMs: number,
  ) {}

  /** Answers the rows; undefined when the database cannot be asked, or does not answer in time. */
  async ask(): Promise<Record<string, unknown>[] | undefined> {
    this.asked ??= this.open();
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), 2 * this.timeoutMs);
    });
    const rows = await Promise.race([this.asked, tooLate]);
    clearTimeout(timer);
    return rows;
  }

  private async open(): Promise<Record<string, unknown>[] | undefined> {
    try {
      return await askQuickly(this.dataSource, this.sql, this.timeoutMs);
    } catch {
      return undefined;
    } finally {
      this.asked = undefined;
    }
  }
}
