import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { CheckUpload } from '@offload/contracts';
import { FileStore, LocalFileStore } from '@offload/storage';
import { describeHandler, handlerHarness } from '@offload/testing';
import type { DataSource } from 'typeorm';
import { aStoredUpload } from '../../test/builders.js';
import { sha256 } from '../../test/tus-requests.js';
import { GATEWAY_CONFIG } from '../config.js';
import { database } from '../database/database.js';
import { CheckUploadHandler } from './check-upload.handler.js';
import { ExamineUpload } from './check/examine-upload.js';
import type { ScanResult } from './scan/clamd.js';
import { SCANNER, type Scanner } from './scanner.js';
import { Upload } from './upload.entity.js';

const folder = mkdtempSync(join(tmpdir(), 'offload-check-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const files = new LocalFileStore(folder);

/** The scanner is another server; what it answers, and what happens meanwhile, is up to the test. */
const scanner: Scanner & {
  verdict: ScanResult;
  meanwhile: () => Promise<unknown>;
  scanned: number;
} = {
  verdict: { verdict: 'clean' },
  meanwhile: () => Promise.resolve(),
  scanned: 0,
  version: () => Promise.resolve('ClamAV 1'),
  async scan(stream) {
    if (scanner.verdict.verdict === 'unavailable') return scanner.verdict;
    scanner.scanned += (await buffer(stream)).length;
    await scanner.meanwhile();
    return scanner.verdict;
  },
};
beforeEach(() => {
  scanner.verdict = { verdict: 'clean' };
  scanner.meanwhile = () => Promise.resolve();
  scanner.scanned = 0;
});

const idleTransactionTimeoutMs = 400;

const options = (policy: string) => ({
  service: 'gateway',
  database: (url: string) => ({ ...database(url), idleTransactionTimeoutMs }),
  providers: [
    ExamineUpload,
    { provide: FileStore, useValue: files },
    { provide: SCANNER, useValue: scanner },
    {
      provide: GATEWAY_CONFIG,
      useValue: {
        SCAN_POLICY: policy,
        UPLOAD_EXPIRES_HOURS: 1,
        UPLOAD_RETENTION_DAYS: 10,
        IDLE_TRANSACTION_TIMEOUT_MS: idleTransactionTimeoutMs,
      },
    },
  ],
});

/** An upload of which all bytes have come, with its file. */
async function whole(
  db: DataSource,
  fields: Partial<Upload> = {},
  text = 'a,b\n',
): Promise<Upload> {
  const upload = await aStoredUpload(db, {
    state: 'scanning',
    scanStatus: 'pending',
    sha256: null,
    size: text.length,
    received: text.length,
    ...fields,
  });
  if (upload.kind !== 'assembled') await files.put(upload.storageKey, Readable.from([text]));
  return upload;
}

describeHandler(CheckUploadHandler, {
  ...options('required'),
  example: async (db) => CheckUpload({ uploadId: (await whole(db)).id }),
});

describe(CheckUploadHandler, () => {
  describe('where nothing is scanned', () => {
    const { db, deliver } = handlerHarness(CheckUploadHandler, options('off'));
    const check = async ({ id }: Upload): Promise<Upload> => {
      expect(await deliver(CheckUpload({ uploadId: id }))).toMatchObject({ outcome: 'handled' });
      return db().manager.findOneByOrFail(Upload, { id });
    };

    it('hashes what was not hashed on its way', async () => {
      const upload = await whole(db(), { state: 'received', scanStatus: 'off' });

      expect(await check(upload)).toMatchObject({
        state: 'ready',
        scanStatus: 'off',
        sha256: sha256('a,b\n'),
        detectedType: 'text/csv',
      });
      expect(scanner.scanned).toBe(0);
    });

    it('puts parts together in the order that was asked for, and lets go of them', async () => {
      const part = { kind: 'part', state: 'received', scanStatus: 'off' } as const;
      const [one, two] = [await whole(db(), part, 'a,b\n'), await whole(db(), part, '1,2\n')];
      const fields = {
        kind: 'assembled',
        state: 'received',
        scanStatus: 'off',
        size: 12,
        received: 12,
      } as const;
      const upload = await whole(db(), { ...fields, parts: [two.id, one.id, two.id] });

      const after = await check(upload);

      expect(after).toMatchObject({ state: 'ready', sha256: sha256('1,2\na,b\n1,2\n') });
      expect((await buffer(await files.read(upload.storageKey))).toString()).toBe(
        '1,2\na,b\n1,2\n',
      );
      const parts = await db().manager.findBy(Upload, [{ id: one.id }, { id: two.id }]);
      expect(parts.map(({ deletedAt }) => deletedAt === null)).toEqual([false, false]);
    });

    it('keeps parts that something else is still to be put together from', async () => {
      const one = await whole(db(), { kind: 'part', state: 'received', scanStatus: 'off' });
      const fields: Partial<Upload> = { kind: 'assembled', parts: [one.id], scanStatus: 'off' };
      const [first, second] = [
        await whole(db(), { ...fields, state: 'received' }),
        await whole(db(), { ...fields, state: 'received' }),
      ];

      await check(first);
      const between = await db().manager.findOneByOrFail(Upload, { id: one.id });
      await check(second);
      const after = await db().manager.findOneByOrFail(Upload, { id: one.id });

      expect([between.deletedAt, after.deletedAt]).toEqual([null, expect.any(Date)]);
    });

    it('rejects what is not what it says', async () => {
      const upload = await whole(
        db(),
        { state: 'received', declaredType: 'text/csv' },
        '%PDF-1.7\n',
      );

      expect(await check(upload)).toMatchObject({
        state: 'rejected',
        problemDetail: 'The file says it is CSV, but it is a PDF document.',
      });
    });

    it('does nothing for what is ready, deleted or not there', async () => {
      const ready = await whole(db(), { state: 'ready', sha256: '0' });
      const deleted = await whole(db(), { deletedAt: new Date() });
      await files.remove(deleted.storageKey);

      expect(await check(ready)).toMatchObject({ state: 'ready', sha256: '0' });
      expect(await check(deleted)).toMatchObject({ state: 'scanning' });
      const { id } = ready;
      await db().query('delete from upload where id = $1', [id]);
      expect(await deliver(CheckUpload({ uploadId: id }))).toMatchObject({ outcome: 'handled' });
    });

    it('gives up at once on a file that is gone for no reason', async () => {
      const upload = await whole(db(), { state: 'received' });
      await files.remove(upload.storageKey);

      const delivery = await deliver(CheckUpload({ uploadId: upload.id }));

      expect(delivery).toMatchObject({
        outcome: 'dead-letter',
        error: { code: 'storage.file-not-found' },
      });
    });
  });

  describe('where everything has to be scanned', () => {
    const { db, deliver } = handlerHarness(CheckUploadHandler, options('required'));

    it('tries again while the scanner is away, and the upload waits', async () => {
      const { id } = await whole(db());
      scanner.verdict = { verdict: 'unavailable', reason: 'connect ECONNREFUSED' };

      const delivery = await deliver(CheckUpload({ uploadId: id }));

      expect(delivery).toMatchObject({
        outcome: 'retry',
        error: { code: 'gateway.scanner-unavailable' },
      });
      expect(await db().manager.findOneByOrFail(Upload, { id })).toMatchObject({
        state: 'scanning',
      });
    });

    it('throws away what it has found out about an upload that was deleted meanwhile', async () => {
      const { id, storageKey } = await whole(db());
      scanner.meanwhile = async () => {
        await db().query('update upload set deleted_at = now() where id = $1', [id]);
        await files.remove(storageKey);
      };

      const delivery = await deliver(CheckUpload({ uploadId: id }));

      expect(delivery).toMatchObject({ outcome: 'handled' });
      expect(await db().manager.findOneByOrFail(Upload, { id })).toMatchObject({
        state: 'scanning',
        sha256: null,
      });
    });

    it('may take longer than a transaction may be idle', async () => {
      const { id } = await whole(db());
      scanner.meanwhile = () => db().query('select pg_sleep(1)');

      const delivery = await deliver(CheckUpload({ uploadId: id }));

      expect(delivery).toMatchObject({ outcome: 'handled', error: undefined });
      expect(await db().manager.findOneByOrFail(Upload, { id })).toMatchObject({ state: 'ready' });
    });
  });
});
