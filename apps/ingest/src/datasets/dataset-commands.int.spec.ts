import {
  CreateDataset,
  DatasetChanged,
  DatasetDropped,
  DatasetRefused,
  DropDataset,
  ExtendDataset,
} from '@offload/contracts';
import type { DeliveryResult } from '@offload/messaging';
import { describeHandler, handlerHarness, testTenant } from '@offload/testing';
import { v7 } from 'uuid';
import { aRun } from '../../test/builders.js';
import { aColumn, datasetHarness } from '../../test/dataset-harness.js';
import { aDatasetName } from '../../test/import-harness.js';
import { database } from '../database/database.js';
import { ImportRun } from '../imports/import-run.entity.js';
import { CreateDatasetHandler } from './create-dataset.handler.js';
import { DropDatasetHandler } from './drop-dataset.handler.js';
import { ExtendDatasetHandler } from './extend-dataset.handler.js';

const options = { service: 'ingest', database };
const email = aColumn({ name: 'email' });
const age = aColumn({ name: 'age', type: 'bigint' });

describe('commands to datasets', () => {
  const { db, insert, open } = datasetHarness();
  const create = handlerHarness(CreateDatasetHandler, options);
  const extend = handlerHarness(ExtendDatasetHandler, options);
  const drop = handlerHarness(DropDatasetHandler, options);

  it('makes a dataset with its table, and says what it looks like', async () => {
    const dataset = aDatasetName();
    const keyed = aColumn({ name: 'email', nullable: false, length: { max: 5 } });

    const answer = await answerOf(
      create.deliver(CreateDataset({ dataset, columns: [keyed], keys: [['email']] })),
    );

    expect(answer).toMatchObject({
      type: DatasetChanged.type,
      dataset,
      table: dataset,
      columns: [keyed],
      keys: [['email']],
      rows: 0,
    });
    expect(await db().query(`select * from datasets."${dataset}"`)).toEqual([]);
  });

  it('refuses a dataset that exists, and one that cannot be, with all that is wrong', async () => {
    const { name } = await open([email]);

    const existing = await answerOf(
      create.deliver(CreateDataset({ dataset: name, columns: [age] })),
    );
    const impossible = await answerOf(
      create.deliver(
        CreateDataset({
          dataset: aDatasetName(),
          columns: [aColumn({ name: 'xmin' }), aColumn({ name: 'a', pattern: '(' })],
        }),
      ),
    );

    expect(existing).toMatchObject({
      type: DatasetRefused.type,
      action: 'create',
      code: 'dataset_exists',
    });
    expect(impossible).toMatchObject({ type: DatasetRefused.type, code: 'invalid_dataset' });
    expect(impossible['message']).toMatch(/“xmin” is reserved.*pattern of “a” is not a regular/);
  });

  it('adds columns and keys, with what they ask of their values', async () => {
    const dataset = await open([email]);
    await insert(dataset, { email: 'a' }, { email: 'b' }, { email: null }, { email: null });
    const code = aColumn({ name: 'code', type: 'uuid', nullable: false, generated: 'uuid' });

    const answer = await answerOf(
      extend.deliver(
        ExtendDataset({
          dataset: dataset.name,
          columns: [aColumn({ ...age, range: { max: 150 } }), code],
          keys: [['email'], ['code']],
        }),
      ),
    );

    expect(answer).toMatchObject({
      type: DatasetChanged.type,
      columns: [{ name: 'email' }, { name: 'age', range: { max: 150 } }, { name: 'code' }],
      keys: [['email'], ['code']],
    });
    await expect(insert(dataset, { email: 'a' })).rejects.toThrow('email unique');
    await expect(insert(dataset, { age: '151' })).rejects.toThrow('age range');
  });

  it('refuses a key that rows are in the way of, names the first and adds nothing', async () => {
    const dataset = await open([email, age]);
    await insert(dataset, { email: 'a', age: '1' }, { email: 'b', age: '2' });
    await insert(dataset, { email: 'b', age: '3' }, { email: 'a', age: '1' }, { email: 'a' });

    const answer = await answerOf(
      extend.deliver(
        ExtendDataset({
          dataset: dataset.name,
          columns: [aColumn({ name: 'note' })],
          keys: [['email', 'age'], ['email']],
        }),
      ),
    );

    expect(answer).toMatchObject({
      type: DatasetRefused.type,
      code: 'rows_in_the_way',
      message:
        'The key of “email”, “age” cannot be added, because its values are not different in every row: “a”, “1” in 2 rows.',
    });
    const [row]: object[] = await db().query(
      `select * from datasets."${dataset.tableName}" limit 1`,
    );
    expect(row).not.toHaveProperty('note');
  });

  it('refuses a column that must not be empty where there are rows without a value for it', async () => {
    const dataset = await open([email]);
    const required = ExtendDataset({
      dataset: dataset.name,
      columns: [aColumn({ name: 'age', type: 'bigint', nullable: false })],
    });
    await insert(dataset, { email: 'a' });

    const refused = await answerOf(extend.deliver(required));
    await db().query(`delete from datasets."${dataset.tableName}"`);
    const added = await answerOf(extend.deliver(required));

    expect(refused).toMatchObject({ type: DatasetRefused.type, code: 'rows_in_the_way' });
    expect(refused['message']).toContain('“age” must not be empty');
    expect(added).toMatchObject({ type: DatasetChanged.type });
  });

  it('drops a dataset with its rows, and one that is not there', async () => {
    const dataset = await open([email]);
    await insert(dataset, { email: 'a' });

    const gone = await answerOf(drop.deliver(DropDataset({ dataset: dataset.name })));
    const again = await answerOf(drop.deliver(DropDataset({ dataset: dataset.name })));

    expect(gone).toMatchObject({ type: DatasetDropped.type, dataset: dataset.name });
    expect(again).toMatchObject({ type: DatasetDropped.type });
    await expect(db().query(`table datasets."${dataset.tableName}"`)).rejects.toThrow('not exist');
  });

  it('leaves the dataset of another tenant with the same name alone', async () => {
    const dataset = await open([email]);

    await drop.deliver(DropDataset({ dataset: dataset.name }), { tenantId: v7() });

    expect(await db().query(`table datasets."${dataset.tableName}"`)).toEqual([]);
  });

  it('changes and drops nothing while an import runs', async () => {
    const importId = await aRun(db());
    const { datasetName } = await db().manager.findOneByOrFail(ImportRun, { importId });

    const dropped = await answerOf(drop.deliver(DropDataset({ dataset: datasetName })));
    const extended = await answerOf(
      extend.deliver(ExtendDataset({ dataset: datasetName, columns: [email] })),
    );

    const message = `Import ${importId} into “${datasetName}” has not ended.`;
    expect(dropped).toMatchObject({ action: 'drop', code: 'dataset_in_use', message });
    expect(extended).toMatchObject({ action: 'extend', code: 'dataset_in_use', message });
  });

  it('says what else in the database needs a table that is to be dropped', async () => {
    const dataset = await open([email]);
    await db().query(`create view datasets."${dataset.tableName} view" as
      select email from datasets."${dataset.tableName}"`);

    const answer = await answerOf(drop.deliver(DropDataset({ dataset: dataset.name })));

    expect(answer).toMatchObject({ type: DatasetRefused.type, code: 'dataset_in_use' });
    expect(answer['message']).toContain(`view datasets."${dataset.tableName} view" depends on`);
  });

  it('tries later while somebody reads the table, and keeps nobody else waiting', async () => {
    const dataset = await open([email]);
    const reader = db().createQueryRunner();
    await reader.startTransaction();
    await reader.query(`table datasets."${dataset.tableName}"`);

    const delivery = await drop.deliver(DropDataset({ dataset: dataset.name }));
    await reader.rollbackTransaction();
    await reader.release();

    expect(delivery).toMatchObject({
      outcome: 'retry',
      error: { code: 'ingest.dataset-in-use' },
    });
  });
});

describeHandler(CreateDatasetHandler, {
  ...options,
  example: async () => CreateDataset({ dataset: aDatasetName(), columns: [email] }),
});

describeHandler(ExtendDatasetHandler, {
  ...options,
  example: async (db) => {
    const dataset = await nameOfRun(db);
    return ExtendDataset({ dataset, columns: [aColumn({ name: 'more' })] });
  },
});

describeHandler(DropDatasetHandler, {
  ...options,
  example: async (db) => DropDataset({ dataset: await nameOfRun(db) }),
});

/** The one message that a handler answers with. */
async function answerOf(delivered: Promise<DeliveryResult>): Promise<Record<string, unknown>> {
  const { published, error } = await delivered;
  if (error) throw error;
  const [message] = published;
  return { type: message?.type, ...(message?.payload as Record<string, unknown>) };
}

/** A dataset that is there and in which nothing happens. */
async function nameOfRun(db: Parameters<typeof aRun>[0]): Promise<string> {
  const importId = await aRun(db);
  await db.manager.update(ImportRun, { importId }, { state: 'completed', endedAt: new Date() });
  const run = await db.manager.findOneByOrFail(ImportRun, { importId, tenantId: testTenant });
  return run.datasetName;
}
