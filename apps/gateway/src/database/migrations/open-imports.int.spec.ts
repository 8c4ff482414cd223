import { databaseOptions, type DatabaseSettings, migrate } from '@offload/platform';
import { workerDatabase } from '@offload/testing';
import { DataSource } from 'typeorm';
import { v7 } from 'uuid';
import { Import } from '../../imports/import.entity.js';
import { importResource } from '../../imports/import-resource.js';
import { database } from '../database.js';
import { OpenImports1795000000700 } from './1795000000700-open-imports.js';

describe(OpenImports1795000000700, () => {
  let db: DataSource;

  beforeAll(async () => {
    await migrate(await settings((before) => before));
    db = await new DataSource(databaseOptions(await settings((before) => before + 1))).initialize();
  });

  afterAll(() => db.destroy());

  it('keeps imports as they were, and gives them what they lacked', async () => {
    const ids = {
      completed: await anOldImport({ state: 'completed', rows: 10, finished: true }),
      failed: await anOldImport({ state: 'failed', problem: 'No header.', finished: true }),
      interrupted: await anOldImport({ state: 'interrupted', problem: 'The disk is full.' }),
      queued: await anOldImport({ state: 'queued', started: false }),
    };

    await db.runMigrations();

    expect(await shown(ids.completed)).toMatchObject({
      state: 'completed',
      mode: 'append',
      on_error: 'quarantine',
      progress: { rows_created: 10, rate_rows_s: 1 },
      allowed_actions: ['revert'],
    });
    expect(await shown(ids.failed)).toMatchObject({ problem: { detail: 'No header.' } });
    expect(await shown(ids.interrupted)).toMatchObject({
      state: 'interrupted',
      problem: { detail: 'The disk is full.' },
      allowed_actions: ['retry', 'cancel'],
    });
    expect(await shown(ids.queued)).toMatchObject({ state: 'queued', allowed_actions: ['cancel'] });

    await db.undoLastMigration();

    const before: { state: string; problem_detail: string | null }[] = await db.query(
      'select state, problem_detail from import order by id',
    );
    expect(before).toEqual([
      { state: 'completed', problem_detail: null },
      { state: 'failed', problem_detail: 'No header.' },
      { state: 'interrupted', problem_detail: 'The disk is full.' },
      { state: 'queued', problem_detail: null },
    ]);
  });

  const shown = async (id: string) =>
    importResource(await db.manager.findOneByOrFail(Import, { id }));

  const anOldImport = async (given: {
    state: string;
    rows?: number;
    problem?: string;
    started?: boolean;
    finished?: boolean;
  }): Promise<string> => {
    const id = v7();
    await db.query(
      `insert into upload (id, tenant_id, state, file_name, size, received, sha256, storage_key)
       values ($1, $1, 'ready', 'a.csv', 10, 10, '', '')`,
      [id],
    );
    await db.query(
      `insert into import (id, tenant_id, upload_id, file_name, dataset, state, bytes_total, rows_loaded,
                           problem_code, problem_detail, started_at, finished_at)
       values ($1, $1, $1, 'a.csv', 'a', $2, 10, $3, $4, $5, $6, $7)`,
      [
        id,
        given.state,
        given.rows ?? 0,
        given.problem === undefined ? null : 'a_code',
        given.problem ?? null,
        given.started === false ? null : '2026-01-01T00:00:00Z',
        given.finished ? '2026-01-01T00:00:10Z' : null,
      ],
    );
    return id;
  };
});

/** A schema of its own, with the migrations that it says, of so many before this one. */
async function settings(count: (before: number) => number): Promise<DatabaseSettings> {
  const whole = database(await workerDatabase());
  const before = whole.migrations.indexOf(OpenImports1795000000700);
  return {
    ...whole,
    schema: 'gateway_before',
    migrations: whole.migrations.slice(0, count(before)),
  };
}
