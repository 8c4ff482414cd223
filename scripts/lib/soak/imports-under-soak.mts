import { gzipSync } from 'node:zlib';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ImportResource } from '../../../libs/contracts/src/http/imports.ts';
import { writeXlsx } from '../../../bench/import/other-formats.mts';
import type { Soaked } from './soak-stack.mts';
import type { Count } from './work.mts';

const rowsPerImport = 2000;
/** Rows are numbered; each import has as many numbers as this. */
const span = 100_000;
const badEvery = 50;

type Kind = (typeof kinds)[number];
const kinds = [
  'clean',
  'bad rows',
  'upsert',
  'gzip',
  'canceled',
  'replace',
  'reverted',
  'xlsx',
  'broken file',
  'large',
] as const;

/** Imports of every kind in turn. Which rows are to be there at the end is known by their numbers. */
export class ImportsUnderSoak {
  readonly done = new Map<string, number>();
  /** Rows that are to be in `soak_rows`, by import. */
  private readonly expected = new Map<number, number>();
  private readonly soaked: Soaked;
  private begun = 0;
  private readonly inMode = new Map<'upsert' | 'replace' | 'xlsx', number>();
  private workbook: Uint8Array<ArrayBuffer> | undefined;

  constructor(soaked: Soaked) {
    this.soaked = soaked;
  }

  async runNext(): Promise<void> {
    const n = (this.begun += 1);
    const kind = kinds[n % kinds.length] ?? 'clean';
    await this.run(kind, n);
    this.done.set(`imports: ${kind}`, (this.done.get(`imports: ${kind}`) ?? 0) + 1);
  }

  /** Of every dataset together. */
  async count(): Promise<Count> {
    const { rows } = await this.soaked.db.query<{ import: string; rows: string; once: string }>(
      `select n / ${span} as import, count(*) as rows, count(distinct n) as once
         from datasets.soak_rows group by 1`,
    );
    const found = new Map(rows.map((each) => [Number(each.import), each]));
    const sum = { accepted: 0, effects: 0, lost: 0, doubled: 0 };
    for (const [n, wanted] of this.expected) {
      const { rows: all, once } = found.get(n) ?? { rows: '0', once: '0' };
      add(sum, wanted, { rows: Number(all), once: Number(once) });
    }
    for (const [mode, wanted] of this.inMode)
      add(sum, wanted, await this.countIn(`soak_${mode}`, mode));
    return { what: 'rows', ...sum, repeated: 0 };
  }

  private async countIn(table: string, mode: string): Promise<{ rows: number; once: number }> {
    const number = mode === 'xlsx' ? 'id' : 'n';
    const { rows } = await this.soaked.db.query<{ rows: string; once: string }>(
      `select count(*) as rows, count(distinct ${number}) as once from datasets.${table}`,
    );
    return { rows: Number(rows[0]?.rows), once: Number(rows[0]?.once) };
  }

  private async run(kind: Kind, n: number): Promise<void> {
    const rows = kind === 'large' || kind === 'canceled' ? 50_000 : rowsPerImport;
    const text = csv({ from: n * span, rows, badEvery: kind === 'bad rows' ? badEvery : Infinity });
    const plain = new TextEncoder().encode(text);
    const append = { dataset: { name: 'soak_rows', columns } };
    switch (kind) {
      case 'clean':
      case 'large':
      case 'bad rows': {
        const bad = kind === 'bad rows' ? rows / badEvery : 0;
        await this.expectState(
          await this.start(plain, 'rows.csv', append),
          bad > 0 ? 'completed_with_errors' : 'completed',
        );
        this.expected.set(n, rows - bad);
        return;
      }
      case 'gzip':
        await this.expectState(
          await this.start(gzipped(plain), 'rows.csv.gz', append),
          'completed',
        );
        this.expected.set(n, rows);
        return;
      case 'canceled':
        return this.cancel(await this.start(plain, 'rows.csv', append), { n, rows });
      case 'reverted':
        return this.revert(await this.start(plain, 'rows.csv', append), n);
      case 'broken file':
        // Cut off in the middle: nothing of it can be trusted.
        await this.expectState(
          await this.start(gzipped(plain).subarray(0, 4000), 'rows.csv.gz', append),
          'failed',
        );
        this.expected.set(n, 0);
        return;
      case 'upsert': {
        const request = {
          dataset: { name: 'soak_upsert', columns, keys: [['n']] },
          mode: 'upsert',
        };
        const again = new TextEncoder().encode(csv({ from: 1, rows }));
        await this.expectState(await this.start(again, 'rows.csv', request), 'completed');
        this.inMode.set('upsert', rows);
        return;
      }
      case 'replace': {
        const request = { dataset: { name: 'soak_replace', columns }, mode: 'replace' };
        await this.expectState(await this.start(plain, 'rows.csv', request), 'completed');
        this.inMode.set('replace', rows);
        return;
      }
      case 'xlsx': {
        const request = { dataset: { name: 'soak_xlsx' }, mode: 'replace' };
        await this.expectState(
          await this.start(await this.sheet(), 'rows.xlsx', request),
          'completed',
        );
        this.inMode.set('xlsx', rowsPerImport);
      }
    }
  }

  private async start(
    body: Uint8Array<ArrayBuffer>,
    fileName: string,
    request: object,
  ): Promise<string> {
    const { client } = this.soaked;
    const path = `/v1/uploads?file_name=${fileName}`;
    const headers = { 'content-type': 'application/octet-stream' };
    const upload = await client.ask<{ id: string }>('POST', path, { body, headers });
    const json = { upload_id: upload.id, ...request };
    return (await client.ask<{ id: string }>('POST', '/v1/imports', { json })).id;
  }

  private async expectState(id: string, wanted: string): Promise<void> {
    const { state, problem } = await this.untilEnded(id);
    if (state === wanted) return;
    throw new Error(
      `Import ${id} has become ${state} and not ${wanted}: ${JSON.stringify(problem)}`,
    );
  }

  /** What comes too late is an import that has ended as any other. */
  private async cancel(id: string, { n, rows }: { n: number; rows: number }): Promise<void> {
    const { client } = this.soaked;
    await client.ask('POST', `/v1/imports/${id}/cancel`, { json: {} }).catch(() => undefined);
    const { state } = await this.untilEnded(id);
    this.expected.set(n, state === 'canceled' ? 0 : rows);
  }

  private async revert(id: string, n: number): Promise<void> {
    const { client } = this.soaked;
    await this.expectState(id, 'completed');
    await client.ask('POST', `/v1/imports/${id}/revert`, { json: {} });
    await client.until<ImportResource>(`/v1/imports/${id}`, ({ state }) => state === 'reverted');
    this.expected.set(n, 0);
  }

  private untilEnded(id: string): Promise<ImportResource> {
    const ends = ['completed', 'completed_with_errors', 'canceled', 'failed', 'interrupted'];
    return this.soaked.client.until(`/v1/imports/${id}`, ({ state }) => ends.includes(state));
  }

  private async sheet(): Promise<Uint8Array<ArrayBuffer>> {
    if (this.workbook) return this.workbook;
    const file = join(this.soaked.stack.storageFolder, '..', 'soak.xlsx');
    await writeXlsx(file, rowsPerImport);
    this.workbook = new Uint8Array(readFileSync(file));
    rmSync(file);
    return this.workbook;
  }
}

const columns = [
  { name: 'n', type: 'bigint', nullable: false },
  { name: 'name', type: 'text', nullable: false },
  { name: 'amount', type: 'numeric', nullable: false },
];

function csv({
  from,
  rows,
  badEvery: every = Infinity,
}: {
  from: number;
  rows: number;
  badEvery?: number;
}): string {
  const lines = ['n,name,amount'];
  for (let place = 1; place <= rows; place += 1) {
    const n = from + place - 1;
    lines.push(`${n},Zoë Ångström ${n},${place % every === 0 ? 'many' : `${n % 977}.25`}`);
  }
  return `${lines.join('\n')}\n`;
}

function gzipped(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(gzipSync(bytes));
}

function add(
  sum: Pick<Count, 'accepted' | 'effects' | 'lost' | 'doubled'>,
  wanted: number,
  { rows, once }: { rows: number; once: number },
): void {
  sum.accepted += wanted;
  sum.effects += rows;
  sum.lost += Math.max(0, wanted - once);
  sum.doubled += rows - Math.min(once, wanted);
}
