import type { DatasetColumn } from '@offload/contracts';
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { asAdministrator } from '../../scripts/lib/provision-database.mts';
import { builtDatasetTable } from '../lib/built.mts';

/** The columns of `csvRows`. */
export const columns: DatasetColumn[] = (
  [
    ['id', 'bigint'],
    ['name', 'text'],
    ['street', 'text'],
    ['city', 'text'],
    ['amount', 'numeric'],
    ['ordered_on', 'date'],
    ['comment', 'text'],
    ['active', 'boolean'],
    ['quantity', 'bigint'],
    ['placed_at', 'timestamptz'],
  ] as const
).map(([name, type]) => ({ name, type, nullable: true }));

/** What must be the same in two tables that hold the same rows. */
export interface Contents {
  rows: number;
  sumOfIds: string;
}

/** A name that no dataset has. */
export function freshName(): string {
  return `bench_${randomUUID().replaceAll('-', '').slice(0, 12)}`;
}

/** Makes the table of a dataset as ingest would, without the dataset. */
export async function createDatasetTable(
  url: string,
  name: string,
  keys: readonly string[][] = [],
): Promise<void> {
  await asAdministrator(url, async (client) => {
    await client.query(builtDatasetTable().createTable(name, columns));
    for (const key of keys) {
      await client.query(`create unique index on datasets.${name} (${key.join(', ')})`);
    }
  });
}

/** Reads what is in the table, removes it and the dataset, and brings everything to the disk. */
export async function takeAway(adminUrl: string, name: string): Promise<Contents> {
  return await asAdministrator(adminUrl, async (client) => {
    const contents = await readContents(client, name);
    await client.query(`drop table datasets.${name}`);
    await client.query('delete from ingest.dataset where name = $1', [name]);
    await client.query('delete from gateway.dataset where name = $1', [name]);
    await client.query('checkpoint');
    return contents;
  });
}

async function readContents(client: pg.Client, name: string): Promise<Contents> {
  const { rows } = await client.query<{ rows: string; ids: string }>(
    `select count(*) as rows, coalesce(sum(id), 0) as ids from datasets.${name}`,
  );
  return { rows: Number(rows[0]?.rows), sumOfIds: rows[0]?.ids ?? '' };
}
